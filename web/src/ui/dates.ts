import i18next from "i18next";

const formats = new Map<string, Intl.DateTimeFormat>();

/** How dates and times are written in the language that is spoken. */
export function formatted(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([i18next.language, options]);
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(i18next.language === "en" ? "en-US" : i18next.language, options);
    formats.set(key, format);
  }
  return format;
}

/** A calendar date, YYYY-MM-DD, as people write it: "Mar 12, 2025". */
export function formatDate(day: string): string {
  return formatted({ dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
}

/** A calendar date, YYYY-MM-DD, in full: "Wednesday, March 12, 2025" (POOL-7). */
export function formatFullDate(day: string): string {
  return formatted({ dateStyle: "full", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
}

/** An instant, ISO 8601, as date and time in a time zone. */
export function formatInstant(instant: string, timeZone: string | undefined): string {
  return formatted({ dateStyle: "medium", timeStyle: "short", timeZone }).format(new Date(instant));
}

/** The time of day of an instant, where the browser is: "2:05 PM". */
export function formatTime(instant: string): string {
  return formatted({ timeStyle: "short" }).format(new Date(instant));
}

const SPANS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** How long ago an instant was, in its largest whole unit: "3 hours ago", "yesterday". */
export function formatAgo(instant: string, now: Date = new Date()): string {
  // the server's clock may be a little ahead
  const seconds = Math.max(0, Math.round((now.getTime() - new Date(instant).getTime()) / 1000));
  const [unit, length] = SPANS.find(([, span]) => seconds >= span) ?? ["second", 60];
  return new Intl.RelativeTimeFormat(i18next.language, { numeric: "auto" }).format(-Math.floor(seconds / length), unit);
}

/** What a clock shows in a time zone: "Mon 2:05 PM GMT+1". */
export function formatClock(now: Date, timeZone: string): string {
  return formatted({
    weekday: "short",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "shortOffset",
    timeZone,
  }).format(now);
}

/** A camera's local time without a zone, as it stands. */
export function formatLocal(moment: string): string {
  return formatted({ dateStyle: "medium", timeStyle: "short", timeZone: "UTC" }).format(new Date(`${moment}Z`));
}

const days = new Map<string, Intl.DateTimeFormat>();

/** The calendar date, YYYY-MM-DD, of an instant in a time zone (the browser's where none is given). */
export function dayOf(instant: Date, timeZone: string | undefined): string {
  const key = timeZone ?? "";
  let format = days.get(key);
  if (format === undefined) {
    // the Swedish way to write a date is ISO 8601
    format = new Intl.DateTimeFormat("sv-SE", { year: "numeric", month: "2-digit", day: "2-digit", timeZone });
    days.set(key, format);
  }
  return format.format(instant);
}

/** Today's calendar date in a time zone. */
export function today(timeZone: string | undefined): string {
  return dayOf(new Date(), timeZone);
}
