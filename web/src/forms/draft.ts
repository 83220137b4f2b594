import { useState } from "react";

/** What differs of what was typed from what is kept; null is the same as nothing. */
export function changesOf<T extends object>(kept: T, typed: Partial<T>): Partial<T> {
  const fields = Object.keys(typed) as (keyof T)[];
  return Object.fromEntries(
    fields.filter((f) => !same(typed[f] ?? null, kept[f] ?? null)).map((f) => [f, typed[f]]),
  ) as Partial<T>;
}

/** Of what was changed here, what somebody else changed since: `seen` is what was kept when it was typed over. */
export function overtakenOf<T extends object>(kept: T, changes: Partial<T>, seen: Partial<T>): ReadonlySet<keyof T> {
  const fields = Object.keys(changes) as (keyof T)[];
  return new Set(fields.filter((f) => f in seen && !same(seen[f] ?? null, kept[f] ?? null)));
}

function same(one: unknown, other: unknown): boolean {
  return one === other || (Array.isArray(one) && JSON.stringify(one) === JSON.stringify(other));
}

export interface Draft<T extends object> {
  /** What is kept, with what was changed here laid over it. */
  value: T;
  changes: Partial<T>;
  count: number;
  /** Fields that were changed here, and by somebody else since. */
  overtaken: ReadonlySet<keyof T>;
  set: <F extends keyof T>(field: F, value: T[F]) => void;
  /** Go back to what is kept of one field. */
  undo: (field: keyof T) => void;
  discard: () => void;
}

/** Changes that are not saved yet. They stay when what is kept is loaded again, and are gone once it holds them. */
export function useDraft<T extends object>(kept: T): Draft<T> {
  const [typed, setTyped] = useState<Partial<T>>({});
  const [seen, setSeen] = useState<Partial<T>>({});
  const changes = changesOf(kept, typed);
  return {
    value: { ...kept, ...changes },
    changes,
    count: Object.keys(changes).length,
    overtaken: overtakenOf(kept, changes, seen),
    set: (field, value) => {
      setTyped((before) => ({ ...before, [field]: value }));
      if (!(field in changes)) setSeen((before) => ({ ...before, [field]: kept[field] }));
    },
    undo: (field) =>
      setTyped((before) => Object.fromEntries(Object.entries(before).filter(([f]) => f !== field)) as Partial<T>),
    discard: () => setTyped({}),
  };
}
