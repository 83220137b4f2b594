import { ActionIcon, Box, Group, Stack, Text, Tooltip } from "@mantine/core";
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { PatientName } from "../patients/patient-name";
import { useSession } from "../session/session";
import { Brand } from "../ui/brand";
import {
  administrationOf,
  isAt,
  type Place,
  patientPlacesOf,
  trailPlacesOf,
  useActivePatient,
  useActivePatientPlaces,
} from "./places";
import classes from "./sidebar.module.css";
import { UserMenu } from "./user-menu";

/** The product's places, those of the active patient, and administration for those who have any. `icons`: names are shown as tooltips only. */
export function Sidebar({ icons, onToggle }: { icons: boolean; onToggle: (() => void) | null }) {
  const { t } = useTranslation();
  const patient = useActivePatient();
  const places = useActivePatientPlaces();
  const session = useSession();
  const administration = administrationOf(session);
  const label = t(icons ? "frame.expand" : "frame.collapse");
  return (
    <Stack gap={0} h="100%">
      <Group h={52} px={icons ? 0 : "md"} justify={icons ? "center" : "space-between"} wrap="nowrap">
        <Link to="/" className={classes.brand} aria-label={t("frame.home")}>
          <Brand small={icons} />
        </Link>
        {!icons && onToggle !== null && <Toggle label={label} onToggle={onToggle} icons={icons} />}
      </Group>
      <Box component="nav" aria-label={t("frame.navigation")} p="xs" flex={1}>
        {[...patientPlacesOf(session), ...trailPlacesOf(session)].map((place) => (
          <PlaceLink key={place.to} place={place} icons={icons} />
        ))}
        {patient !== null && <Section title={<PatientName id={patient} />} places={places} icons={icons} />}
        {administration.length > 0 && (
          <Section title={t("frame.places.administration")} places={administration} icons={icons} />
        )}
      </Box>
      {icons && onToggle !== null && (
        <Group justify="center" pb="xs">
          <Toggle label={label} onToggle={onToggle} icons={icons} />
        </Group>
      )}
      <Box p="xs" className={classes.foot}>
        <UserMenu icons={icons} />
      </Box>
    </Stack>
  );
}

function Toggle({ label, onToggle, icons }: { label: string; onToggle: () => void; icons: boolean }) {
  const Icon = icons ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  return (
    <Tooltip label={label} position="right">
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onToggle}>
        <Icon size={18} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
}

function Section({ title, places, icons }: { title: ReactNode; places: readonly Place[]; icons: boolean }) {
  return (
    <Box className={classes.section}>
      {!icons && (
        <Text size="xs" fw={600} c="dimmed" truncate px={10} pb={4}>
          {title}
        </Text>
      )}
      {places.map((place) => (
        <PlaceLink key={place.to} place={place} icons={icons} />
      ))}
    </Box>
  );
}

function PlaceLink({ place, icons }: { place: Place; icons: boolean }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const name = t(`frame.places.${place.name}`);
  return (
    <Tooltip label={name} position="right" disabled={!icons}>
      <Link
        to={place.to}
        className={classes.link}
        aria-current={isAt(place, pathname) ? "page" : undefined}
        aria-label={name}
        data-icons={icons || undefined}
      >
        <place.icon size={18} stroke={1.6} />
        {!icons && <span className={classes.name}>{name}</span>}
      </Link>
    </Tooltip>
  );
}
