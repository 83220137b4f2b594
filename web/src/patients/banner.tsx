import { Badge, Box, Group, Skeleton, Text } from "@mantine/core";
import { IconUrgent } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { PatientView } from "../api/schema";
import { useSite } from "../session/session";
import { PatientTags } from "../tags/patient-tags";
import { formatDate, formatTime, today } from "../ui/dates";
import { part } from "../ui/part";
import classes from "./banner.module.css";
import { ageOn, hueOf, initials, shownName } from "./person";
import { useOpenedUntil } from "./sharing";

const ConsentBadge = lazy(part(async () => ({ default: (await import("../consent/marks")).ConsentBadge })));

/** Whose page this is: name, unique ID, age and date of birth, home site. */
export function PatientBanner({ patient }: { patient: PatientView | undefined }) {
  const { t } = useTranslation();
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
      aria-label={t("patients.banner")}
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
              {t("patients.years", { count: age })} · {formatDate(patient.date_of_birth)}
            </Text>
          )}
          {site !== undefined && (
            <Text size="sm" c="dimmed" visibleFrom="sm">
              <bdi>{site.name}</bdi>
            </Text>
          )}
          <Suspense>
            <ConsentBadge patient={patient.id} />
          </Suspense>
          {openedUntil !== null && (
            <Badge color="red" variant="light" tt="none" radius="sm" leftSection={<IconUrgent size={14} aria-hidden />}>
              {t("emergency.until", { when: formatTime(openedUntil) })}
            </Badge>
          )}
        </Group>
        <PatientTags patient={patient} />
      </Group>
    </Box>
  );
}
