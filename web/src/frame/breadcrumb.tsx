import { Anchor, Group, Text } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { PatientName } from "../patients/patient-name";
import {
  ACCOUNT,
  ADMINISTRATION,
  AUDIT,
  CREATE,
  EMERGENCY,
  isAt,
  PATIENTS,
  type Place,
  useActivePatient,
  useActivePatientPlaces,
} from "./places";

/** Patient Database › a patient › a page; Administration › a page. */
export function Breadcrumb() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const patient = useActivePatient();
  const place = [PATIENTS, CREATE, EMERGENCY, AUDIT, ACCOUNT].find(({ to }) => to === pathname);
  const administration = ADMINISTRATION.find((one) => isAt(one, pathname));
  return (
    <Group component="nav" aria-label={t("frame.breadcrumb")} gap={6} wrap="nowrap" miw={0}>
      {patient !== null && <PatientTrail patient={patient} />}
      {administration !== undefined && (
        <>
          <Text size="sm" c="dimmed" visibleFrom="md">
            {t("frame.places.administration")}
          </Text>
          <Chevron />
        </>
      )}
      {patient === null && (
        <Here place={administration ?? place} deeper={administration !== undefined && pathname !== administration.to} />
      )}
    </Group>
  );
}

/** The place itself; from a page within it, the way back to it. */
function Here({ place, deeper }: { place: Place | undefined; deeper: boolean }) {
  const { t } = useTranslation();
  if (place === undefined) return null;
  const name = t(`frame.places.${place.name}`);
  if (!deeper) {
    return (
      <Text size="sm" fw={550} truncate>
        {name}
      </Text>
    );
  }
  return (
    <Anchor component={Link} to={place.to} size="sm" c="dimmed" truncate>
      {name}
    </Anchor>
  );
}

function PatientTrail({ patient }: { patient: string }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const here = useActivePatientPlaces().find((place) => isAt(place, pathname));
  return (
    <>
      <Anchor component={Link} to="/patients" size="sm" c="dimmed" visibleFrom="md">
        {t("frame.places.patients")}
      </Anchor>
      <Chevron />
      <Text size="sm" c="dimmed" truncate visibleFrom="md">
        <PatientName id={patient} />
      </Text>
      {here !== undefined && (
        <>
          <Chevron />
          <Text size="sm" fw={550} truncate>
            {t(`frame.places.${here.name}`)}
          </Text>
        </>
      )}
    </>
  );
}

function Chevron() {
  return (
    <Text component="span" c="dimmed" display={{ base: "none", md: "inline-flex" }} aria-hidden>
      <IconChevronRight size={14} stroke={1.6} />
    </Text>
  );
}
