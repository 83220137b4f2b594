import { Badge, Button, Group, Modal, Skeleton, Stack, Text, Timeline } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChecks, IconClockOff, IconSignature, IconX } from "@tabler/icons-react";
import type { ConsentEventView } from "../api/schema";
import { usePersonName } from "../properties/person";
import { formatDate, formatInstant } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import { useConsentEvent, useConsentEvents } from "./consent";
import { FormText } from "./form-text";
import { ShownSignature } from "./signature";
import { useWords } from "./words";

const LOOKS = {
  digital: { icon: IconSignature, color: "teal" },
  external: { icon: IconChecks, color: "teal" },
  revoked: { icon: IconX, color: "red" },
  expired: { icon: IconClockOff, color: "gray" },
} as const;

/** Everything that happened to a patient's consent, newest first (CON-6). */
export function History({ patient }: { patient: string }) {
  const { t } = useWords();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useConsentEvents(patient);
  if (data === undefined) {
    return error === null ? <Skeleton h={160} /> : <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  const events = data.pages.flatMap((page) => page.events);
  if (events.length === 0) return <Text c="dimmed">{t("history.none")}</Text>;
  return (
    <Stack gap="md" align="flex-start">
      <Timeline bulletSize={28} lineWidth={2} active={events.length}>
        {events.map((event) => (
          <Timeline.Item
            key={event.id}
            bullet={<Bullet kind={event.kind} />}
            color={LOOKS[event.kind].color}
            title={t(`history.${event.kind}`)}
          >
            <Event patient={patient} event={event} />
          </Timeline.Item>
        ))}
      </Timeline>
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("history.more")}
        </Button>
      )}
    </Stack>
  );
}

function Bullet({ kind }: { kind: ConsentEventView["kind"] }) {
  const Icon = LOOKS[kind].icon;
  return <Icon size={16} stroke={1.8} aria-hidden />;
}

function Event({ patient, event }: { patient: string; event: ConsentEventView }) {
  const { t } = useWords();
  const name = usePersonName(event.by ?? "");
  const by = event.by === null ? t("history.itself") : name === undefined ? "…" : t("history.by", { name });
  return (
    <Stack gap={4} mt={2}>
      <Text size="sm" c="dimmed">
        {formatInstant(event.at, undefined)} · <bdi>{by}</bdi>
      </Text>
      {event.signer !== null && event.relationship !== null && (
        <Text size="sm">
          <bdi>
            {t("history.signedBy", {
              name: event.signer,
              as: t(`capture.relationships.${event.relationship}`),
            })}
          </bdi>
        </Text>
      )}
      {event.form_title !== null && (
        <Text size="sm">
          {event.form_version === 0
            ? event.form_title
            : t("history.form", { title: event.form_title, version: event.form_version })}
        </Text>
      )}
      {event.verified !== null && (
        <Text size="sm">{t("history.verified", { how: t(`capture.verifiedAs.${event.verified}`) })}</Text>
      )}
      {event.purposes.length > 0 && (
        <Group gap={6}>
          {event.purposes.map((purpose) => (
            <Badge key={purpose} variant="light" color="gray" tt="none" radius="sm">
              {t(`purposes.${purpose}`)}
            </Badge>
          ))}
        </Group>
      )}
      {event.until !== null && (
        <Text size="sm">{t("history.until", { when: formatDate(event.until.slice(0, 10)) })}</Text>
      )}
      {(event.notes ?? event.reason) !== null && (
        <Text size="sm" style={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>
          <bdi>{event.notes ?? event.reason}</bdi>
        </Text>
      )}
      {event.kind === "digital" && <Signed patient={patient} event={event} />}
    </Stack>
  );
}

/** Shows what was signed, word by word, when one asks for it: looking at it is recorded. */
function Signed({ patient, event }: { patient: string; event: ConsentEventView }) {
  const { t } = useWords();
  const [shown, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="subtle" size="compact-sm" onClick={open} style={{ alignSelf: "flex-start" }} ml={-8}>
        {t("history.show")}
      </Button>
      <Modal
        opened={shown}
        onClose={close}
        size="lg"
        title={t("history.digital")}
        closeButtonProps={{ "aria-label": t("translation:ui.close") }}
      >
        <Details patient={patient} event={event} />
      </Modal>
    </>
  );
}

function Details({ patient, event }: { patient: string; event: ConsentEventView }) {
  const { t } = useWords();
  const { data, error, refetch } = useConsentEvent(patient, event.id);
  if (data === undefined) {
    return error === null ? <Skeleton h={320} /> : <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  return (
    <Stack gap="md">
      {data.form_text !== null && data.form_title !== null && (
        <FormText
          title={data.form_title}
          text={data.form_text}
          language={data.form_language ?? "en"}
          beside={data.form_version === 0 ? t("forms.ours") : t("capture.version", { version: data.form_version })}
        />
      )}
      <Text size="sm">{data.purposes.map((purpose) => t(`purposes.${purpose}`)).join(" · ")}</Text>
      {data.signature !== null && (
        <ShownSignature signature={data.signature} label={t("history.signatureOf", { name: data.signer ?? "" })} />
      )}
      <Text size="sm" c="dimmed">
        <bdi>{data.signer}</bdi> · {formatInstant(data.at, undefined)}
      </Text>
    </Stack>
  );
}
