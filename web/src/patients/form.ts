import type { NewPatient, PatientChanges, PatientView, Phototype, Sex } from "../api/schema";

/** PAT-1: 2 to 32 of `a-z 0-9 _ -`; upper-case letters are lower-cased by the server. */
export const UNIQUE_ID = /^[A-Za-z0-9_-]{2,32}$/;

export const SEXES: readonly Sex[] = ["female", "male", "other", "unknown"];
export const PHOTOTYPES: readonly Phototype[] = ["I", "II", "III", "IV", "V", "VI"];

export interface RecordNumber {
  system: string;
  number: string;
}

/** What is typed about a patient: empty text where nothing is. */
export interface Typed {
  unique_id: string;
  site: string | null;
  first_name: string;
  middle_name: string;
  last_name: string;
  preferred_name: string;
  date_of_birth: string;
  sex: Sex | null;
  gender: string;
  phototype: Phototype | null;
  email: string;
  phone: string;
  address: string;
  referring_physician: string;
  notes: string;
  record_numbers: RecordNumber[];
}

export const EMPTY: Typed = {
  unique_id: "",
  site: null,
  first_name: "",
  middle_name: "",
  last_name: "",
  preferred_name: "",
  date_of_birth: "",
  sex: null,
  gender: "",
  phototype: null,
  email: "",
  phone: "",
  address: "",
  referring_physician: "",
  notes: "",
  record_numbers: [],
};

/** What is sent of it: nothing for what was left empty. */
export function sent(typed: Typed): NewPatient {
  const filled = Object.entries(typed).filter(([, value]) => value !== null && String(value).trim() !== "");
  return {
    ...(Object.fromEntries(filled) as Partial<NewPatient>),
    unique_id: typed.unique_id,
    record_numbers: worded(typed.record_numbers),
  };
}

/** A patient's details as a form: what is not known is empty. */
export function typedOf(patient: PatientView): Typed {
  const known = Object.keys(EMPTY).map((field) => {
    const name = field as keyof Typed;
    return [name, patient[name] ?? EMPTY[name]];
  });
  return Object.fromEntries(known) as Typed;
}

/** What is sent of changed details: null for what was emptied. */
export function changed(changes: Partial<Typed>): PatientChanges {
  const fields = Object.entries(changes).map(([name, value]) => {
    if (Array.isArray(value)) return [name, worded(value)];
    return [name, typeof value === "string" && value.trim() === "" ? null : value];
  });
  return Object.fromEntries(fields) as PatientChanges;
}

function worded(numbers: readonly RecordNumber[]): RecordNumber[] {
  return numbers.filter((n) => n.system.trim() !== "" || n.number.trim() !== "");
}
