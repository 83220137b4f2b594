import { Alert, Stack, Text, Title } from "@mantine/core";
import { IconShieldCheck, IconShieldX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { VerificationView } from "../api/schema";
import { formatInstant } from "../ui/dates";
import { serviceInWords } from "./events";
import type { Verdict } from "./use-verification";
import { useWords, type Words } from "./words";

/** The verdict, plainly: whether the trail can be believed, else what is broken where. */
export function VerdictView({ verdict: { view, at } }: { verdict: Verdict }) {
  const { t } = useWords();
  const Icon = view.intact ? IconShieldCheck : IconShieldX;
  return (
    <Stack gap="md" data-verdict={view.intact ? "intact" : "broken"}>
      <Alert
        role={view.intact ? "status" : "alert"}
        color={view.intact ? "teal" : "red"}
        variant="light"
        icon={<Icon size={28} stroke={1.6} />}
      >
        <Title order={2} c="inherit" fz={20}>
          {titleOf(view, t)}
        </Title>
        <Stack gap={6} mt={6}>
          {sentencesOf(view, t).map((sentence) => (
            <Text key={sentence} c="var(--mantine-color-text)">
              {sentence}
            </Text>
          ))}
        </Stack>
      </Alert>
      <Said title={t("verify.compared")}>
        {checkpointsOf(view, t).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </Said>
      <Gaps view={view} />
      <Text size="sm" c="dimmed">
        {t("verify.at", { when: formatInstant(at, undefined) })}
      </Text>
    </Stack>
  );
}

function titleOf({ intact, records, first_broken }: VerificationView, t: Words): string {
  if (intact) return t("verify.intact", { count: records });
  return first_broken === null ? t("verify.brokenElsewhere") : t("verify.broken", { position: first_broken });
}

function sentencesOf({ intact, records, kind, finding }: VerificationView, t: Words): string[] {
  if (intact) return [t("verify.intactAbout")];
  return [
    kind === null ? finding : t(`verify.kinds.${kind}`),
    t("verify.brokenBefore", { count: records }),
    t("verify.act"),
  ];
}

/** The signed checkpoints that the trail was compared with. */
function checkpointsOf({ checkpoints: { database, store, locked, newest } }: VerificationView, t: Words): string[] {
  return [
    t("verify.checkpoints.database", { count: database }),
    store === null
      ? t("verify.checkpoints.notStored")
      : t(locked ? "verify.checkpoints.locked" : "verify.checkpoints.stored", { count: store }),
    ...(newest > 0 ? [t("verify.checkpoints.newest", { position: newest })] : []),
  ];
}

/** What the verdict cannot speak of yet. */
function Gaps({ view: { gaps, not_asked } }: { view: VerificationView }) {
  const { t } = useWords();
  const coming = Object.entries(gaps).filter(([, count]) => count > 0);
  return (
    <>
      {coming.length > 0 && (
        <Said title={t("verify.gaps")}>
          {coming.map(([service, count]) => (
            <li key={service}>{t("verify.gapOf", { service: serviceInWords(service), count })}</li>
          ))}
        </Said>
      )}
      {not_asked.length > 0 && (
        <Said title={t("verify.notAsked")}>
          {not_asked.map((service) => (
            <li key={service}>{serviceInWords(service)}</li>
          ))}
        </Said>
      )}
    </>
  );
}

function Said({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Text fw={550}>{title}</Text>
      <Text component="ul" size="sm" m={0} pl="lg">
        {children}
      </Text>
    </div>
  );
}
