import { Badge, Group, Text, Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle, IconShieldOff } from "@tabler/icons-react";
import { Link, useMatch } from "react-router";
import { Bar } from "../ui/bar";
import { formatDate } from "../ui/dates";
import { useConsent } from "./consent";
import { lookOf } from "./look";
import { useWords } from "./words";

/** Above every page of a patient while consent is missing, where that is asked for (CON-2, CON-3). */
export function ConsentBanner({ patient }: { patient: string }) {
  const { t } = useWords();
  const { data: consent } = useConsent(patient);
  const here = useMatch("/patients/:patient/consent") !== null;
  if (consent === undefined || consent.given || consent.enforcement === "disabled") return null;
  const required = consent.enforcement === "required";
  const Icon = required ? IconAlertTriangle : IconInfoCircle;
  const title = t(required ? "authorization" : "advisory");
  return (
    <Bar
      label={title}
      color={required ? "yellow" : "blue"}
      icon={Icon}
      way={!here && { to: `/patients/${patient}/consent`, name: t("open") }}
    >
      <strong>{title}</strong>{" "}
      <Text span inherit visibleFrom="xs">
        {t(required ? "authorizationAbout" : "advisoryAbout")}
      </Text>
    </Bar>
  );
}

/** In the patient's banner: whether consent is given. */
export function ConsentBadge({ patient }: { patient: string }) {
  const { t } = useWords();
  const { data: consent } = useConsent(patient);
  const look = consent === undefined ? null : lookOf(consent);
  if (consent === undefined || look === null) return null;
  const until = consent.given && consent.until !== null ? formatDate(consent.until.slice(0, 10)) : null;
  const text = until === null ? t(`state.${consent.missing ?? "given"}`) : t("state.givenUntil", { when: until });
  return (
    <Badge
      component={Link}
      to={`/patients/${patient}/consent`}
      color={look.color}
      variant="light"
      tt="none"
      radius="sm"
      autoContrast
      style={{ cursor: "pointer" }}
      leftSection={<look.icon size={14} aria-hidden />}
    >
      {text}
    </Badge>
  );
}

/** In the header of the pool: photographs stay, and are marked, where consent is missing (CON-1). */
export function PoolConsentMark({ patient }: { patient: string }) {
  const { t } = useWords();
  const { data: consent } = useConsent(patient);
  if (consent === undefined || consent.given || lookOf(consent) === null) return null;
  return (
    <Tooltip label={t("withoutConsentAbout")} multiline maw={280} events={{ hover: true, focus: true, touch: true }}>
      <Group gap={4} c="dimmed" wrap="nowrap" tabIndex={0} role="note" aria-label={t("withoutConsentAbout")}>
        <IconShieldOff size={15} stroke={1.7} aria-hidden />
        <Text size="sm" inherit visibleFrom="sm" style={{ whiteSpace: "nowrap" }}>
          {t("withoutConsent")}
        </Text>
      </Group>
    </Tooltip>
  );
}
