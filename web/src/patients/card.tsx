import { Box, Group, Text } from "@mantine/core";
import { IconPhoto } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { PatientCard } from "../api/schema";
import { useSession, useSite } from "../session/session";
import { dayOf, formatDate } from "../ui/dates";
import classes from "./card.module.css";
import { hueOf, initials, shownName } from "./person";

/** A patient in the Patient Database. */
export function PatientCardLink({ patient }: { patient: PatientCard }) {
  const { t } = useTranslation();
  const { sites } = useSession();
  const several = sites.length > 1;
  const away = !sites.some((held) => held.site === patient.site);
  const site = useSite(patient.site);
  return (
    <Box component="li" className={classes.item}>
      <Link to={`/patients/${patient.id}/pool`} className={classes.card} style={{ "--hue": hueOf(patient.id) }}>
        <Group wrap="nowrap" gap="sm">
          <span className={classes.initials} aria-hidden>
            {initials(patient)}
          </span>
          <Box miw={0}>
            <Text fw={600} truncate>
              <bdi>{shownName(patient)}</bdi>
            </Text>
            <Text size="sm" c="dimmed" truncate>
              <span className={classes.id}>{patient.unique_id}</span>
              {patient.date_of_birth != null && <> · {formatDate(patient.date_of_birth)}</>}
            </Text>
          </Box>
        </Group>
        <Group justify="space-between" gap="xs" mt="sm" wrap="nowrap">
          <Group gap={5} wrap="nowrap" c="dimmed">
            <IconPhoto size={15} stroke={1.6} aria-hidden />
            <Text size="sm" style={{ whiteSpace: "nowrap" }}>
              {t("patients.photographs", { count: patient.image_count })}
            </Text>
          </Group>
          <Text size="sm" c="dimmed" truncate>
            {(several || away) && site !== undefined ? (
              <bdi>{site.name}</bdi>
            ) : (
              formatDate(dayOf(new Date(patient.last_modified), site?.time_zone))
            )}
          </Text>
        </Group>
      </Link>
    </Box>
  );
}
