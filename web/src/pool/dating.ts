import type { ImageView } from "../api/schema";
import { instantsOf, wallTimeOf } from "../entries/zoned";

const HOUR_MS = 3_600_000;

/**
 * The instant of the same time of day on another date, as the clocks of a time zone show it, to the microsecond. In the
 * hour that is skipped when they are put forward it is an hour later; in the one that comes twice it is the first.
 */
export function onDay(instant: string, day: string, timeZone: string): string {
  const wall = `${day}T${wallTimeOf(new Date(instant), timeZone).slice(11)}`;
  const minute = instantsOf(wall, timeZone)[0] ?? skipped(wall, timeZone);
  const seconds = /T\d{2}:\d{2}(:\d{2}(?:\.\d+)?)/.exec(instant)?.[1] ?? ":00";
  return `${minute.toISOString().slice(0, 16)}${seconds}Z`;
}

/** The instant that follows as long after the last clock time before the gap as the time that is skipped. */
function skipped(wall: string, timeZone: string): Date {
  const hourBefore = new Date(Date.parse(`${wall}Z`) - HOUR_MS).toISOString().slice(0, 16);
  const [before] = instantsOf(hourBefore, timeZone);
  return new Date((before?.getTime() ?? Date.parse(`${wall}Z`)) + HOUR_MS);
}

/** What the dates of photographs become, for those which are of another one now. */
export function datesOn(images: readonly ImageView[], day: string, timeZone: string) {
  return images
    .map(({ id, effective_at }) => ({ image: id, effective_at: onDay(effective_at, day, timeZone) }))
    .filter(({ effective_at }, n) => effective_at !== images[n]?.effective_at);
}
