import { formatClock } from "../ui/dates";

/** Every time zone the browser knows by name, UTC, and the one that is in use already. */
export function timeZones(inUse: string): string[] {
  return [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone"), ...(inUse === "" ? [] : [inUse])])].sort();
}

/** What a clock shows there, to tell whether it is the right zone; null where the browser does not know it. */
export function clockIn(timeZone: string, now: Date): string | null {
  try {
    return formatClock(now, timeZone);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
