import { Box, Group, Text } from "@mantine/core";
import { IconCalendarEvent, IconNotes, IconPhoto } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { PatientCard } from "../api/schema";
import { ConsentBadge } from "../database/consent-badge";
import { Tags } from "../database/tags";
import { useWords } from "../database/words";
import { useSession, useSite } from "../session/session";
import { dayOf, formatDate } from "../ui/dates";
import classes from "./card.module.css";
import { hueOf, initials, shownName } from "./person";

/** A patient in the Patient Database. */
export function PatientCardLink({ patient }: { patient: PatientCard }) {
  const { t } = useWords();
  const { sites } = useSession();
  const several = sites.length > 1;
  const away = !sites.some((held) => held.site === patient.site);
  const site = useSite(patient.site);
  const appointment = patient.last_appointment;
  return (
    <Box component="li" className={classes.item}>
      <Link
        to={`/patients/${patient.id}/pool`}
        className={classes.card}
        style={{ "--hue": hueOf(patient.id) }}
        data-patient
      >
        <Group wrap="nowrap" gap="sm">
          <span className={classes.initials} aria-hidden>
            {initials(patient)}
          </span>
          <Box miw={0} flex={1}>
            <Text fw={600} truncate>
              <bdi>{shownName(patient)}</bdi>
            </Text>
            <Text size="sm" c="dimmed" truncate>
              <span className={classes.id}>{patient.unique_id}</span>
              {patient.date_of_birth != null && <> · {formatDate(patient.date_of_birth)}</>}
            </Text>
          </Box>
        </Group>
        <div className={classes.facts}>
          <Fact icon={<IconPhoto size={15} stroke={1.6} aria-hidden />}>
            {t("translation:patients.photographs", { count: patient.image_count })}
          </Fact>
          <Fact icon={<IconNotes size={15} stroke={1.6} aria-hidden />}>
            {t("card.entries", { count: patient.entry_count })}
          </Fact>
          <Fact icon={<IconCalendarEvent size={15} stroke={1.6} aria-hidden />}>
            {appointment === null
              ? t("card.noAppointment")
              : t("card.appointment", { date: formatDate(dayOf(new Date(appointment), site?.time_zone)) })}
          </Fact>
        </div>
        <div className={classes.marks}>
          <ConsentBadge consent={patient.consent} />
          <Tags ids={patient.tags} />
          {(several || away) && site !== undefined && (
            <Text size="xs" c="dimmed" truncate className={classes.site}>
              <bdi>{site.name}</bdi>
            </Text>
          )}
        </div>
      </Link>
    </Box>
  );
}

function Fact({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <span className={classes.fact}>
      {icon}
      <span>{children}</span>
    </span>
  );
}
