import { Badge, Box, Group, Skeleton, Text } from "@mantine/core";
import { IconUrgent } from "@tabler/icons-react";
import type { PatientView } from "../api/schema";
import { useWords } from "../details/words";
import { useSite } from "../session/session";
import { PatientTags } from "../tags/patient-tags";
import { formatDate, formatTime, today } from "../ui/dates";
import classes from "./banner.module.css";
import { ageOn, hueOf, initials, shownName } from "./person";
import { useOpenedUntil } from "./sharing";

/** Whose page this is: name, unique ID, age and date of birth, home site. */
export function PatientBanner({ patient }: { patient: PatientView | undefined }) {
  const { t } = useWords();
  const site = useSite(patient?.site);
  const openedUntil = useOpenedUntil(patient);
  if (patient === undefined) {
    return (
      <Box className={classes.banner}>
        <Skeleton circle h={32} w={32} />
        <Skeleton h={16} w={180} />
      </Box>
    );
  }
  const age = ageOn(today(site?.time_zone), patient.date_of_birth);
  return (
    <Box
      role="group"
      aria-label={t("translation:patients.banner")}
      className={classes.banner}
      style={{ "--hue": hueOf(patient.id) }}
    >
      <span className={classes.initials} aria-hidden>
        {initials(patient)}
      </span>
      <Group gap="4px 14px" miw={0} flex={1}>
        <Text fw={650} size="lg" truncate className={classes.name}>
          <bdi>{shownName(patient)}</bdi>
        </Text>
        <Group gap="2px 14px" className={classes.facts}>
          <Text size="sm" ff="monospace">
            {patient.unique_id}
          </Text>
          {age !== null && patient.date_of_birth != null && (
            <Text size="sm">
              {t("translation:patients.years", { count: age })} · {formatDate(patient.date_of_birth)}
            </Text>
          )}
          {site !== undefined && (
            <Text size="sm" c="dimmed" visibleFrom="sm">
              <bdi>{site.name}</bdi>
            </Text>
          )}
          {patient.aliases !== undefined && patient.aliases.length > 0 && (
            <Badge color="gray" variant="light" tt="none" radius="sm">
              {t("duplicates.badge", { count: patient.aliases.length })}
            </Badge>
          )}
          {openedUntil !== null && (
            <Badge color="red" variant="light" tt="none" radius="sm" leftSection={<IconUrgent size={14} aria-hidden />}>
              {t("translation:emergency.until", { when: formatTime(openedUntil) })}
            </Badge>
          )}
        </Group>
        <PatientTags patient={patient} />
      </Group>
    </Box>
  );
}
