import { useSyncExternalStore } from "react";
import { unsavedNow } from "./unsaved";

let answer: ((leave: boolean) => void) | null = null;
const watchers = new Set<() => void>();

/** Whether somebody who signs out may: at once when all is saved, else they are asked first. */
export function mayLeave(): Promise<boolean> {
  if (unsavedNow().changes === 0) return Promise.resolve(true);
  answer?.(false);
  return new Promise((resolve) => become(resolve));
}

/** Answer the question, if it was asked. */
export function answerLeaving(leave: boolean): void {
  answer?.(leave);
  become(null);
}

/** Whether the question is asked at the moment. */
export function useLeaving(): boolean {
  return useSyncExternalStore(watch, () => answer !== null);
}

function become(next: typeof answer): void {
  answer = next;
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}
