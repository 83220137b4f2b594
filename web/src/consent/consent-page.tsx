import { Badge, Box, Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useParams } from "react-router";
import type { ConsentView } from "../api/schema";
import { usePatient } from "../patients/patient";
import { formatDate } from "../ui/dates";
import { ErrorState } from "../ui/error-state";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { Section } from "../ui/section";
import { Capture } from "./capture";
import { useConsent, useMayRecordConsent } from "./consent";
import { History } from "./history";
import { lookOf } from "./look";
import { Revoke } from "./revoke";
import { useWords } from "./words";

/** A patient's consent to photography: whether it is given, how to give and revoke it, and all that happened. */
export function ConsentPage() {
  const { t } = useWords();
  const { patient: id = "" } = useParams();
  usePageTitle(t("title"));
  const { data: consent, error, refetch } = useConsent(id);
  return (
    <Page narrow>
      <Title order={1} mb={4}>
        {t("title")}
      </Title>
      <Text c="dimmed" mb="lg">
        {t("about")}
      </Text>
      {consent === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {consent === undefined && error === null && <Skeleton h={240} />}
      {consent !== undefined && <Contents key={id} patient={id} consent={consent} />}
    </Page>
  );
}

function Contents({ patient, consent }: { patient: string; consent: ConsentView }) {
  const { t } = useWords();
  const mayRecord = useMayRecordConsent(usePatient(patient).data);
  const inForce = consent.purposes.length > 0;
  const [again, setAgain] = useState(false);
  const capturing = mayRecord && (!inForce || again);
  return (
    <Stack gap="xl">
      <State consent={consent} />
      {mayRecord && inForce && (
        <Group>
          <Revoke patient={patient} />
          {!again && (
            <Button variant="default" onClick={() => setAgain(true)}>
              {t("capture.again")}
            </Button>
          )}
        </Group>
      )}
      {capturing && (
        <Section
          title={t(inForce ? "capture.again" : "capture.title")}
          {...(inForce && { about: t("capture.againAbout") })}
        >
          <Capture patient={patient} onRecorded={() => setAgain(false)} />
        </Section>
      )}
      <Section title={t("history.title")}>
        <History patient={patient} />
      </Section>
    </Stack>
  );
}

function State({ consent }: { consent: ConsentView }) {
  const { t } = useWords();
  const look = lookOf(consent);
  const until =
    consent.until === null ? t("noEnd") : t("history.until", { when: formatDate(consent.until.slice(0, 10)) });
  return (
    <Box role="status">
      <Badge size="lg" color={look?.color ?? "gray"} variant="light" tt="none" radius="sm" mb="xs">
        {t(`state.${consent.missing ?? "given"}`)}
      </Badge>
      {consent.missing !== null && <Text>{t(`why.${consent.missing}`)}</Text>}
      {consent.purposes.length > 0 && (
        <Text>
          {consent.purposes.map((purpose) => t(`purposes.${purpose}`)).join(" · ")}. {until}.
        </Text>
      )}
      {!consent.given && (
        <Text c="dimmed" size="sm" mt={4}>
          {t(`enforcementNow.${consent.enforcement}`)}
        </Text>
      )}
    </Box>
  );
}
