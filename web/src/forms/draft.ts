import { useState } from "react";

/** What differs of what was typed from what is kept; null is the same as nothing. */
export function changesOf<T extends object>(kept: T, typed: Partial<T>): Partial<T> {
  const fields = Object.keys(typed) as (keyof T)[];
  return Object.fromEntries(
    fields.filter((f) => (typed[f] ?? null) !== (kept[f] ?? null)).map((f) => [f, typed[f]]),
  ) as Partial<T>;
}

export interface Draft<T extends object> {
  /** What is kept, with what was changed here laid over it. */
  value: T;
  changes: Partial<T>;
  count: number;
  set: <F extends keyof T>(field: F, value: T[F]) => void;
  discard: () => void;
}

/** Changes that are not saved yet. They stay when what is kept is loaded again, and are gone once it holds them. */
export function useDraft<T extends object>(kept: T): Draft<T> {
  const [typed, setTyped] = useState<Partial<T>>({});
  const changes = changesOf(kept, typed);
  return {
    value: { ...kept, ...changes },
    changes,
    count: Object.keys(changes).length,
    set: (field, value) => setTyped((before) => ({ ...before, [field]: value })),
    discard: () => setTyped({}),
  };
}
