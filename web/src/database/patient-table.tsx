import { Anchor, Table, Text } from "@mantine/core";
import { Link } from "react-router";
import type { PatientCard } from "../api/schema";
import { shownName } from "../patients/person";
import { useSession, useSite } from "../session/session";
import { dayOf, formatDate } from "../ui/dates";
import { ConsentBadge } from "./consent-badge";
import classes from "./patient-table.module.css";
import { Tags } from "./tags";
import { useWords } from "./words";

/** Patients, a row each; what there is no room for is on the card. */
export function PatientTable({ patients }: { patients: readonly PatientCard[] }) {
  const { t } = useWords();
  const several = useSession().sites.length > 1;
  return (
    <Table verticalSpacing="xs" highlightOnHover className={classes.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("columns.patient")}</Table.Th>
          <Table.Th visibleFrom="lg">{t("columns.born")}</Table.Th>
          {several && <Table.Th visibleFrom="lg">{t("columns.site")}</Table.Th>}
          <Table.Th className={classes.number} visibleFrom="md">
            {t("columns.entries")}
          </Table.Th>
          <Table.Th className={classes.number} visibleFrom="xs">
            {t("columns.photographs")}
          </Table.Th>
          <Table.Th>{t("columns.appointment")}</Table.Th>
          <Table.Th visibleFrom="xl">{t("columns.modified")}</Table.Th>
          <Table.Th visibleFrom="sm">{t("columns.tags")}</Table.Th>
          <Table.Th visibleFrom="md">{t("columns.consent")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {patients.map((patient) => (
          <Row key={patient.id} patient={patient} several={several} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Row({ patient, several }: { patient: PatientCard; several: boolean }) {
  const site = useSite(patient.site);
  const day = (instant: string) => formatDate(dayOf(new Date(instant), site?.time_zone));
  return (
    <Table.Tr>
      <Table.Td className={classes.patient}>
        <Anchor component={Link} to={`/patients/${patient.id}/pool`} fw={600} data-patient>
          <bdi>{shownName(patient)}</bdi>
        </Anchor>
        <Text size="sm" c="dimmed" className={classes.id}>
          {patient.unique_id}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="lg">{patient.date_of_birth !== null && formatDate(patient.date_of_birth)}</Table.Td>
      {several && (
        <Table.Td visibleFrom="lg">
          <bdi>{site?.name}</bdi>
        </Table.Td>
      )}
      <Table.Td className={classes.number} visibleFrom="md">
        {patient.entry_count}
      </Table.Td>
      <Table.Td className={classes.number} visibleFrom="xs">
        {patient.image_count}
      </Table.Td>
      <Table.Td>{patient.last_appointment === null ? "–" : day(patient.last_appointment)}</Table.Td>
      <Table.Td visibleFrom="xl">{day(patient.last_modified)}</Table.Td>
      <Table.Td visibleFrom="sm">
        <span className={classes.tags}>
          <Tags ids={patient.tags} />
        </span>
      </Table.Td>
      <Table.Td visibleFrom="md">
        <ConsentBadge consent={patient.consent} />
      </Table.Td>
    </Table.Tr>
  );
}
