import type { Row } from "./groups";
import { rowWith } from "./layout";

/** Where an arrow leads. */
export type Way = "left" | "right" | "up" | "down" | "first" | "last";

/** What a key asks of the pool. */
export type Command = { do: "go" | "extend" | "move"; way: Way } | { do: Plain };

type Plain = "open" | "select" | "tag" | "date" | "rotate" | "choose" | "in" | "out" | "clear";

const WAYS = new Map<string, Way>([
  ["ArrowLeft", "left"],
  ["ArrowRight", "right"],
  ["ArrowUp", "up"],
  ["ArrowDown", "down"],
  ["Home", "first"],
  ["End", "last"],
]);
const PLAIN = new Map<string, Plain>([
  [" ", "open"],
  ["x", "select"],
  ["t", "tag"],
  ["d", "date"],
  ["r", "rotate"],
  ["w", "choose"],
  ["+", "in"],
  ["=", "in"],
  ["-", "out"],
  ["Escape", "clear"],
]);

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** The command of a key; null for a key that is not ours. With Ctrl or Alt, arrows move the photograph itself. */
export function commandOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): Command | null {
  const way = WAYS.get(key);
  if (way !== undefined) {
    if (ctrlKey || altKey) return { do: "move", way };
    return metaKey ? null : { do: shiftKey ? "extend" : "go", way };
  }
  if (ctrlKey || metaKey || altKey) return null;
  const plain = PLAIN.get(key.length === 1 ? key.toLowerCase() : key);
  return plain === undefined ? null : { do: plain };
}

/** The photograph that one comes to from another; null where there is none. Uploads on their way are passed over. */
export function reached(rows: readonly Row[], from: string, way: Way): string | null {
  const at = rowWith(rows, from);
  if (at < 0) return null;
  if (way === "up" || way === "down") return reachedAcross(rows, at, from, way === "up" ? -1 : 1);
  const ids = readyIn(rows);
  if (way === "first") return ids[0] ?? null;
  if (way === "last") return ids.at(-1) ?? null;
  const next = ids.indexOf(from) + (way === "left" ? -1 : 1);
  return ids[next] ?? null;
}

/** The photograph that one comes to when another is gone: the next one that is still there, else the last before it. */
export function remaining(before: readonly string[], now: ReadonlySet<string>, gone: string): string | null {
  const at = before.indexOf(gone);
  if (at < 0) return null;
  const stays = (id: string) => now.has(id);
  return before.slice(at).find(stays) ?? before.slice(0, at).findLast(stays) ?? null;
}

function reachedAcross(rows: readonly Row[], at: number, from: string, step: 1 | -1): string | null {
  const row = rows[at];
  const column = row?.kind === "tiles" ? row.tiles.findIndex(({ id }) => id === from) : 0;
  for (let n = at + step; n >= 0 && n < rows.length; n += step) {
    const next = rows[n];
    if (next?.kind !== "tiles") continue;
    const ready = next.tiles.slice(0, column + 1).findLast(isReady) ?? next.tiles.find(isReady);
    if (ready !== undefined) return ready.id;
  }
  return null;
}

type Tiles = Extract<Row, { kind: "tiles" }>["tiles"];

/** The photographs that can be come to, in their order. */
export function readyIn(rows: readonly Row[]): string[] {
  return rows.flatMap((row) => (row.kind === "tiles" ? row.tiles.filter(isReady).map(({ id }) => id) : []));
}

function isReady({ image }: Tiles[number]): boolean {
  return image?.state === "ready";
}
