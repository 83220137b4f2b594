import { IconLibraryPhoto, IconUserPlus, IconUsers } from "@tabler/icons-react";
import type { ComponentType } from "react";
import { useMatch } from "react-router";

export interface Place {
  to: string;
  /** Key of its name under `frame.places`. */
  name: "patients" | "create" | "pool";
  icon: ComponentType<{ size?: number; stroke?: number }>;
}

/** Where everybody can go. */
export const PLACES: readonly Place[] = [
  { to: "/patients", name: "patients", icon: IconUsers },
  { to: "/patients/new", name: "create", icon: IconUserPlus },
];

/** Where one can go with a patient. */
export function placesOf(patient: string): readonly Place[] {
  return [{ to: `/patients/${patient}/pool`, name: "pool", icon: IconLibraryPhoto }];
}

/** The id of the patient whose page is open, if any. */
export function useActivePatient(): string | null {
  const id = useMatch("/patients/:patient/*")?.params.patient;
  return id === undefined || id === "new" ? null : id;
}
