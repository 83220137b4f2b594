import type { LicenceView } from "../api/schema";

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Milliseconds until the licence has to be looked at again: its end, and every hour before. */
export function untilLookedAt(licence: LicenceView | undefined, now: number): number {
  const end =
    licence?.uploads_allowed === true && licence.valid_until !== null ? Date.parse(licence.valid_until) : now + HOUR_MS;
  return Math.min(HOUR_MS, Math.max(SECOND_MS, end - now + SECOND_MS));
}

/** Whole days until an instant; on its last day none. */
export function daysUntil(instant: string, now: number): number {
  return Math.max(0, Math.floor((Date.parse(instant) - now) / DAY_MS));
}

/** A licence as it was signed: copying it out of a mail changes the ends of its lines and what is around it. */
export function asSigned(text: string): string {
  return `${text.replace(/\r\n?/g, "\n").trim()}\n`;
}
