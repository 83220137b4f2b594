import type { Somebody } from "../api/schema";

/** Somebody else who has a patient open. */
export interface Other {
  user: string;
  /** Whether they have the same entry open. */
  sameEntry: boolean;
}

/** Everybody but oneself, once each, however many tabs; first who has the same entry open. */
export function othersOf(people: readonly Somebody[], self: string, entry: string | null): Other[] {
  const others = new Map<string, boolean>();
  for (const one of people) {
    if (one.user === self) continue;
    const same = entry !== null && one.entry === entry;
    others.set(one.user, same || (others.get(one.user) ?? false));
  }
  const found = [...others].map(([user, sameEntry]) => ({ user, sameEntry }));
  return found.sort((a, b) => Number(b.sameEntry) - Number(a.sameEntry) || a.user.localeCompare(b.user));
}
