import type { PatientCard } from "../api/schema";

type Named = Pick<PatientCard, "unique_id"> & Partial<Pick<PatientCard, "first_name" | "last_name" | "preferred_name">>;

/** How a patient is called on the screen; the unique ID where no name is known. */
export function shownName(patient: Named): string {
  const given = patient.preferred_name ?? patient.first_name;
  return [given, patient.last_name].filter(Boolean).join(" ") || patient.unique_id;
}

/** Completed years on a day, both as YYYY-MM-DD; null without a date of birth. */
export function ageOn(day: string, born: string | null | undefined): number | null {
  if (!born) return null;
  const years = Number(day.slice(0, 4)) - Number(born.slice(0, 4));
  return day.slice(5) < born.slice(5) ? years - 1 : years;
}

/** Two letters for where no photograph of the person is shown. */
export function initials(patient: Named): string {
  const words = shownName(patient)
    .split(/[\s_-]+/u)
    .filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}

/** A hue, in degrees, that belongs to the patient, so that a change of patient is noticed. */
export function hueOf(id: string): number {
  // golden angle: ids that differ little get hues that differ much
  return Math.round((Number.parseInt(id.replaceAll("-", "").slice(-6), 16) * 137.508) % 360);
}
