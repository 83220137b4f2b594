import { useSyncExternalStore } from "react";

/** What was done here and is not kept by the server yet. */
export interface Unsaved {
  changes: number;
  /** Whether the server cannot be reached: what is pending is kept here and sent later. */
  away: boolean;
}

const NOTHING: Unsaved = { changes: 0, away: false };
const reported = new Map<string, Unsaved>();
const watchers = new Set<() => void>();
let all = NOTHING;

/** Say what of a part of the interface, under a name of its own, is not saved yet (ENT-3). */
export function reportUnsaved(part: string, unsaved: Unsaved): void {
  if (unsaved.changes === 0) reported.delete(part);
  else reported.set(part, unsaved);
  all = [...reported.values()].reduce(
    (sum, { changes, away }) => ({ changes: sum.changes + changes, away: sum.away || away }),
    NOTHING,
  );
  for (const watcher of watchers) watcher();
}

/** What is not saved yet, of everything. */
export function unsavedNow(): Unsaved {
  return all;
}

/** What is not saved yet, of everything, as it changes. */
export function useUnsaved(): Unsaved {
  return useSyncExternalStore((watcher) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }, unsavedNow);
}

if (typeof addEventListener === "function") {
  addEventListener("beforeunload", (event) => {
    if (all.changes > 0) event.preventDefault();
  });
}
