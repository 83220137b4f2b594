import type { DrawnSignature } from "../api/schema";

/** What the server takes of one signature. */
const MOST_POINTS = 10_000;
const LONGEST_SIDE = 4096;

interface Place {
  x: number;
  y: number;
}

/** A drawing as the server keeps it: whole numbers within its surface; null where nothing was drawn. */
export function drawnOf(strokes: readonly (readonly Place[])[], width: number, height: number): DrawnSignature | null {
  const surface = { width: within(width, 1, LONGEST_SIDE), height: within(height, 1, LONGEST_SIDE) };
  const drawn = strokes.filter((stroke) => stroke.length > 0);
  const points = drawn.reduce((count, stroke) => count + stroke.length, 0);
  if (points === 0) return null;
  // of more points than are taken, every other one does
  const step = Math.ceil(points / MOST_POINTS);
  const kept = drawn.map((stroke) =>
    stroke
      .filter((_, at) => at % step === 0)
      .map(({ x, y }) => [within(x, 0, surface.width), within(y, 0, surface.height)]),
  );
  return { kind: "drawn", ...surface, strokes: kept.slice(0, 500) };
}

/** The line of one stroke, as SVG writes paths. */
export function pathOf(stroke: readonly (readonly number[])[]): string {
  const [first, ...rest] = stroke.map(([x, y]) => `${x} ${y}`);
  return `M${first}${rest.length === 0 ? "h.01" : rest.map((place) => `L${place}`).join("")}`;
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.round(value)));
}
