import type { TrailRecord } from "../api/schema";
import { dayOf } from "../ui/dates";

export interface Day {
  /** YYYY-MM-DD in the browser's time zone. */
  day: string;
  records: readonly TrailRecord[];
}

/** Records, newest first, under the days on which they happened. */
export function byDay(records: readonly TrailRecord[], timeZone?: string): Day[] {
  const days = new Map<string, TrailRecord[]>();
  for (const record of records) {
    const day = dayOf(new Date(record.at), timeZone);
    const its = days.get(day);
    if (its === undefined) days.set(day, [record]);
    else its.push(record);
  }
  return [...days].map(([day, its]) => ({ day, records: its }));
}
