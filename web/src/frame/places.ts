import {
  IconAdjustments,
  IconBuildingHospital,
  IconCalendarEvent,
  IconClipboardList,
  IconHistory,
  IconId,
  IconLibraryPhoto,
  IconLicense,
  IconSettings,
  IconShare,
  IconTags,
  IconUrgent,
  IconUserCircle,
  IconUserCog,
  IconUserPlus,
  IconUsers,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { useMatch } from "react-router";
import type { SessionView } from "../api/schema";
import { usePatient } from "../patients/patient";
import {
  administersSite,
  managesInstallation,
  managesSomething,
  mayCreatePatients,
  mayShare,
  readsActivity,
  readsTrail,
  seesPatients,
} from "../session/may";
import { useSession, useSite } from "../session/session";

export interface Place {
  to: string;
  /** Key of its name under `frame.places`. */
  name:
    | "patients"
    | "create"
    | "emergency"
    | "details"
    | "entries"
    | "pool"
    | "sharing"
    | "activity"
    | "users"
    | "alerts"
    | "sites"
    | "tags"
    | "settings"
    | "licence"
    | "administration"
    | "audit"
    | "account";
  icon: ComponentType<{ size?: number; stroke?: number }>;
}

/** Where those go who work with patients. */
export const PATIENTS: Place = { to: "/patients", name: "patients", icon: IconUsers };
export const CREATE: Place = { to: "/patients/new", name: "create", icon: IconUserPlus };
export const EMERGENCY: Place = { to: "/emergency", name: "emergency", icon: IconUrgent };

/** Where those go who manage something. */
export const ADMINISTRATION: readonly Place[] = [
  { to: "/administration/users", name: "users", icon: IconUserCog },
  { to: "/administration/sites", name: "sites", icon: IconBuildingHospital },
  { to: "/administration/tags", name: "tags", icon: IconTags },
  { to: "/administration/emergency", name: "alerts", icon: IconUrgent },
  { to: "/administration/settings", name: "settings", icon: IconAdjustments },
  { to: "/administration/licence", name: "licence", icon: IconLicense },
];

/** The way there where there is room for one place only. */
export const ADMINISTRATION_AS_ONE: Place = { to: "/administration", name: "administration", icon: IconSettings };

/** The audit trail. */
export const AUDIT: Place = { to: "/audit", name: "audit", icon: IconClipboardList };

/** One's own account; the way there is the user menu. */
export const ACCOUNT: Place = { to: "/account", name: "account", icon: IconUserCircle };

/** Where one can go with the patient whose page is open; nowhere when there is none. */
export function useActivePatientPlaces(): readonly Place[] {
  const patient = useActivePatient();
  const session = useSession();
  const home = useSite(usePatient(patient ?? "").data?.site);
  if (patient === null) return [];
  const details: Place = { to: `/patients/${patient}/details`, name: "details", icon: IconId };
  const entries: Place = { to: `/patients/${patient}/entries`, name: "entries", icon: IconCalendarEvent };
  const pool: Place = { to: `/patients/${patient}/pool`, name: "pool", icon: IconLibraryPhoto };
  const sharing: Place = { to: `/patients/${patient}/sharing`, name: "sharing", icon: IconShare };
  const activity: Place = { to: `/patients/${patient}/activity`, name: "activity", icon: IconHistory };
  return [
    details,
    entries,
    pool,
    ...(mayShare(home) ? [sharing] : []),
    ...(readsActivity(session, home) ? [activity] : []),
  ];
}

/** Where this user can go among patients: nowhere for who holds no role at a site. */
export function patientPlacesOf(session: SessionView): readonly Place[] {
  return [...(seesPatients(session) ? [PATIENTS] : []), ...(mayCreatePatients(session) ? [CREATE] : [])];
}

/** Where this user begins. */
export function homeOf(session: SessionView): Place {
  return [...patientPlacesOf(session), ...administrationOf(session), ...trailPlacesOf(session), ACCOUNT][0] ?? ACCOUNT;
}

/** Where this user administers: nowhere for most. */
export function administrationOf(session: SessionView): readonly Place[] {
  if (!managesSomething(session)) return [];
  const may: Partial<Record<Place["name"], boolean>> = {
    alerts: administersSite(session),
    settings: managesInstallation(session),
    licence: managesInstallation(session),
  };
  return [...ADMINISTRATION.filter(({ name }) => may[name] ?? true), AUDIT];
}

/** Where those go who read the audit trail and manage nothing. */
export function trailPlacesOf(session: SessionView): readonly Place[] {
  return readsTrail(session) && !managesSomething(session) ? [AUDIT] : [];
}

/** Whether an address belongs to a place. What lies below the Patient Database is a place of its own. */
export function isAt(place: Place, pathname: string): boolean {
  return pathname === place.to || (place.name !== "patients" && pathname.startsWith(`${place.to}/`));
}

/** The id of the patient whose page is open, if any. */
export function useActivePatient(): string | null {
  const id = useMatch("/patients/:patient/*")?.params.patient;
  return id === undefined || id === "new" ? null : id;
}
