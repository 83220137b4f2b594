import type { TrailQuery } from "./trail";

/** What records can be looked for, as the address of the page says it: ids, codes and instants. */
export const FILTERS = [
  "when",
  "since",
  "until",
  "event",
  "outcome",
  "action",
  "user",
  "role",
  "site",
  "patient",
  "object_kind",
  "object_id",
  "address",
] as const;

export type FilterName = (typeof FILTERS)[number];
export type Filters = Readonly<Partial<Record<FilterName, string>>>;

/** Periods that end now, in days of the calendar, today being one. */
const PRESET_DAYS = { today: 1, week: 7, month: 30 } as const;

export type Preset = keyof typeof PRESET_DAYS;
export const PRESETS = Object.keys(PRESET_DAYS) as readonly Preset[];

/** What an address asks for. */
export function filtersIn(address: URLSearchParams): Filters {
  return Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = address.get(name);
      return value === null || value === "" ? [] : [[name, value]];
    }),
  );
}

/** The address that asks for this, in an order that does not depend on what was chosen first. */
export function addressOf(filters: Filters): URLSearchParams {
  return new URLSearchParams(
    FILTERS.flatMap((name) => {
      const value = filters[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/**
 * With other values of some filters; an empty one is none. A period that ends now and one with two ends exclude each
 * other.
 */
export function changed(filters: Filters, changes: Partial<Record<FilterName, string>>): Filters {
  const apart: Partial<Record<FilterName, string>> = changes.when
    ? { since: "", until: "" }
    : changes.since || changes.until
      ? { when: "" }
      : {};
  const all = { ...filters, ...apart, ...changes };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
}

/** What the server is asked. The days are those of the browser's time zone. */
export function queryOf({ when, ...filters }: Filters, now: Date = new Date()): TrailQuery {
  const since = isPreset(when) ? { since: beginning(PRESET_DAYS[when], now).toISOString() } : {};
  return { ...filters, ...since } as TrailQuery; // whether it is a role or an id, the server says
}

function beginning(days: number, now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days + 1);
}

export function isPreset(word: string | undefined): word is Preset {
  return word !== undefined && word in PRESET_DAYS;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether this can be an id. */
export function isId(typed: string): boolean {
  return UUID.test(typed);
}

const SUBJECT = /^rpc\.[a-z]+\.[a-z_]+$/;
const PRODUCERS = new Set(["identity", "patients", "images", "registration", "gateway", "audit"]);
const ADDRESS = /^[0-9a-f.:]{2,64}$/i;

/** Whether this can be what something was done to, as the server looks for it. */
export function isObjectId(typed: string): boolean {
  return isId(typed) || SUBJECT.test(typed) || PRODUCERS.has(typed);
}

/** Whether this can be a network address. */
export function isAddress(typed: string): boolean {
  return ADDRESS.test(typed);
}

/** An instant as an input of a date and a time holds it, in the browser's time zone. */
export function toInput(instant: string | undefined): string {
  if (instant === undefined) return "";
  const moment = new Date(instant);
  if (Number.isNaN(moment.getTime())) return "";
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The instant that such an input holds; empty where it holds none. */
export function ofInput(local: string): string {
  const moment = new Date(local);
  return Number.isNaN(moment.getTime()) ? "" : moment.toISOString();
}
