import type { Typed } from "../patients/form";
import { formatDate } from "../ui/dates";
import type { Words } from "./words";

/** What a field of a patient is called. */
export function fieldName(name: keyof Typed, t: Words): string {
  return name === "record_numbers" ? t("numbers") : t(`translation:create.fields.${name}`);
}

/** What a field of a patient holds. */
export function inWords(name: keyof Typed, kept: Typed, t: Words): string {
  const value = kept[name];
  if (value === null || value.length === 0) return t("empty");
  if (Array.isArray(value)) return value.map((one) => `${one.system} ${one.number}`).join(", ");
  if (name === "sex" && kept.sex !== null) return t(`translation:create.sexes.${kept.sex}`);
  return name === "date_of_birth" ? formatDate(value) : value;
}
