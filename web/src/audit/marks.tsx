import { Badge, Text } from "@mantine/core";
import { IconAlertTriangle, IconBan, IconCircleCheck, IconUrgent } from "@tabler/icons-react";
import type { TrailRecord } from "../api/schema";
import { usePersonName } from "../properties/person";
import { askedBy, serviceInWords, shortId } from "./events";
import classes from "./marks.module.css";
import { useWords } from "./words";

const ICONS = {
  success: IconCircleCheck,
  denied: IconBan,
  failure: IconAlertTriangle,
} as const;

/** How it ended, in a sign and a word. */
export function Outcome({ outcome }: Pick<TrailRecord, "outcome">) {
  const { t } = useWords();
  const Icon = ICONS[outcome];
  return (
    <span className={classes.outcome} data-outcome={outcome}>
      <Icon size={16} stroke={1.8} aria-hidden />
      <Text span size="sm" c={outcome === "success" ? "dimmed" : "inherit"} fw={outcome === "success" ? 400 : 550}>
        {t(`outcomes.${outcome}`)}
      </Text>
    </span>
  );
}

/** That only an emergency access made it possible. */
export function EmergencyMark() {
  const { t } = useWords();
  return (
    <Badge
      color="red"
      variant="light"
      tt="none"
      radius="sm"
      miw="max-content"
      leftSection={<IconUrgent size={12} aria-hidden />}
    >
      {t("emergency")}
    </Badge>
  );
}

/** Who acted: a person by name, a part of the system and for whom, or nobody. */
export function Who({ record }: { record: Pick<TrailRecord, "user" | "service" | "detail"> }) {
  const { t } = useWords();
  const { user, service } = record;
  if (user != null) return <Person user={user} />;
  if (service == null) return t("nobody");
  const asked = askedBy(record);
  return (
    <>
      {t("service", { service: serviceInWords(service) })}
      {asked !== null && (
        <>
          {` ${t("for")} `}
          <Person user={asked} />
        </>
      )}
    </>
  );
}

/** Somebody by name; by id while the name is not known. */
export function Person({ user }: { user: string }) {
  return <bdi>{usePersonName(user) ?? shortId(user)}</bdi>;
}
