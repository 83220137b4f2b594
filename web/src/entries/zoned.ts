/** A date and time as a clock and a calendar show them, without a zone: "2026-03-12T09:30". */
export type WallTime = string;

const DAY_MS = 86_400_000;
const WALL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;
const formats = new Map<string, Intl.DateTimeFormat>();

/** What clocks in a time zone show at an instant, to the minute. */
export function wallTimeOf(instant: Date, timeZone: string): WallTime {
  let format = formats.get(timeZone);
  if (format === undefined) {
    // the Swedish way to write a date is ISO 8601
    format = new Intl.DateTimeFormat("sv-SE", {
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone,
    });
    formats.set(timeZone, format);
  }
  return format.format(instant).replace(" ", "T");
}

/**
 * The instants at which clocks in a time zone show this, earliest first: none in the hour that is skipped when they are
 * put forward, two in the hour that comes twice when they are put back, else one.
 */
export function instantsOf(wall: WallTime, timeZone: string): Date[] {
  const asUtc = WALL_TIME.test(wall) ? Date.parse(`${wall}Z`) : Number.NaN;
  if (Number.isNaN(asUtc)) return [];
  // the clocks are put at most once within two days; the offsets before and after are all there can be
  const offsets = [-DAY_MS, DAY_MS].map((around) => offsetAt(asUtc + around, timeZone));
  const found = [...new Set(offsets.map((offset) => asUtc - offset))].sort((a, b) => a - b);
  return found.map((ms) => new Date(ms)).filter((instant) => wallTimeOf(instant, timeZone) === wall);
}

/** How far the clocks of a time zone are ahead of UTC, in milliseconds. */
function offsetAt(ms: number, timeZone: string): number {
  const minute = Math.floor(ms / 60_000) * 60_000;
  return Date.parse(`${wallTimeOf(new Date(minute), timeZone)}Z`) - minute;
}
