import type { Preferences } from "../api/schema";

const PLACE = "dermfolio.preferences";

/** What this browser knows of its last user's preferences. */
export interface Kept {
  /** The user's id. */
  user: string;
  /** As they were shown last. */
  chosen: Preferences;
  /** What the server has not confirmed yet. */
  unsent: Preferences;
}

/** What is known here of a user's preferences before the server says them; null for another user than the last. */
export function kept(user: string): Kept | null {
  const found = parsed(localStorage.getItem(PLACE));
  return found?.user === user ? found : null;
}

/** Know this the next time, in place of what was known of anybody else. */
export function keep(now: Kept): void {
  localStorage.setItem(PLACE, JSON.stringify(now));
}

/** What another tab of this browser has just kept, if that is what the event tells of. */
export function keptElsewhere({ key, newValue }: Pick<StorageEvent, "key" | "newValue">): Kept | null {
  return key === PLACE ? parsed(newValue) : null;
}

function parsed(text: string | null): Kept | null {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}
