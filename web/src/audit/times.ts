import { formatted } from "../ui/dates";

/** The time of day to the second, in the browser's time zone. */
export function formatSecond(instant: string): string {
  return formatted({ timeStyle: "medium" }).format(new Date(instant));
}

/** The day of an instant, in the browser's time zone. */
export function formatDay(instant: string): string {
  return formatted({ dateStyle: "medium" }).format(new Date(instant));
}

/** The day of an instant in full. */
export function formatWholeDay(instant: string): string {
  return formatted({ dateStyle: "full" }).format(new Date(instant));
}

/** An instant to the second with its time zone: what can be quoted to somebody elsewhere. */
export function formatExactly(instant: string): string {
  return formatted({ dateStyle: "medium", timeStyle: "long" }).format(new Date(instant));
}

/** The browser's time zone as it is called there: "Europe/Zurich". */
export function timeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** How long something takes so far: "1:05". */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
