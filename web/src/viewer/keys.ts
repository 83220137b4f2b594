import type { Point } from "./zoom";

/** What a key asks of the viewer. */
export type Command =
  | "previous"
  | "next"
  | "first"
  | "last"
  | "in"
  | "out"
  | "fit"
  | "actual"
  | "info"
  | "rotate"
  | "choose"
  | "close"
  | Point;

const STEP = 80;
const PLAIN = new Map<string, Command>([
  ["PageUp", "previous"],
  ["PageDown", "next"],
  ["Home", "first"],
  ["End", "last"],
  ["+", "in"],
  ["=", "in"],
  ["-", "out"],
  ["0", "fit"],
  ["1", "actual"],
  ["i", "info"],
  ["r", "rotate"],
  ["w", "choose"],
  ["Escape", "close"],
]);
const WAYS = new Map<string, Point>([
  ["ArrowLeft", { x: STEP, y: 0 }],
  ["ArrowRight", { x: -STEP, y: 0 }],
  ["ArrowUp", { x: 0, y: STEP }],
  ["ArrowDown", { x: 0, y: -STEP }],
]);

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">;

/** The command of a key; null for a key that is not ours. Arrows look around when `closer` than the whole. */
export function commandOf({ key, ctrlKey, metaKey, altKey }: Pressed, closer: boolean): Command | null {
  if (ctrlKey || metaKey || altKey) return null;
  const way = WAYS.get(key);
  if (way === undefined) return PLAIN.get(key.length === 1 ? key.toLowerCase() : key) ?? null;
  if (closer) return way;
  if (way.x === 0) return null;
  return way.x > 0 ? "previous" : "next";
}
