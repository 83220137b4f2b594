import type { Retagging } from "./retagging";

/** What the server takes at once: photographs, and tags to give or to take. */
export const AT_ONCE = 200;
const TAGS_AT_ONCE = 20;

/** In portions that the server takes. */
export function parts(changes: readonly Retagging[]): Retagging[] {
  return changes.flatMap(({ images, add, remove }) =>
    cut(images, AT_ONCE).flatMap((some) =>
      Array.from({ length: Math.max(1, Math.ceil(Math.max(add.length, remove.length) / TAGS_AT_ONCE)) }, (_, n) => ({
        images: some,
        add: add.slice(n * TAGS_AT_ONCE, (n + 1) * TAGS_AT_ONCE),
        remove: remove.slice(n * TAGS_AT_ONCE, (n + 1) * TAGS_AT_ONCE),
      })),
    ),
  );
}

/** So many at a time. */
export function cut<T>(all: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, n) => all.slice(n * most, (n + 1) * most));
}
