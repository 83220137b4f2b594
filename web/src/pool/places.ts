import type { Direction, Tile } from "./groups";
import type { Way } from "./keys";

/** Beside which photograph one comes, as the server is told. */
export interface Neighbour {
  next_to: string;
  side: "newer" | "older";
}

/** A place among the photographs of a date: the number it would have, and beside whom that is. */
export interface Target {
  index: number;
  neighbour: Neighbour;
  /** The order's key until the server has said its own. */
  place: string;
}

/** Where a photograph comes to stand that moves among those of its date; null where it stands there already. */
export function targetOf(tiles: readonly Tile[], id: string, wanted: number, direction: Direction): Target | null {
  const others = tiles.filter((tile) => tile.id !== id && tile.image !== undefined);
  const index = Math.max(0, Math.min(wanted, others.length));
  const from = tiles.filter(({ image }) => image !== undefined).findIndex((tile) => tile.id === id);
  if (from < 0 || from === index || others.length === 0) return null;
  const [before, after] = [others[index - 1], others[index]];
  const beside = (before ?? after) as Tile;
  const newestFirst = direction === "newest";
  const behind = before !== undefined;
  const places = [before, after].map((tile) => tile?.image?.place ?? null);
  const [older, newer] = newestFirst ? places.reverse() : places;
  return {
    index,
    neighbour: { next_to: beside.id, side: behind === newestFirst ? "older" : "newer" },
    place: placeBetween(older ?? null, newer ?? null),
  };
}

/** The number that a photograph would have after a step. */
export function stepped(index: number, count: number, columns: number, way: Way): number {
  const wanted = {
    left: index - 1,
    right: index + 1,
    up: index - columns,
    down: index + columns,
    first: 0,
    last: count,
  };
  return wanted[way];
}

/** How many digits of a place are the moment: within it a photograph stays of its date. */
const MOMENT = 15;

/** A place between two others, which are hexadecimal fractions compared as text; or beyond one, in its moment. */
export function placeBetween(older: string | null, newer: string | null): string {
  if (newer === null) return `${older ?? ""}8`;
  const from = older ?? newer.slice(0, MOMENT);
  const digits = Math.max(from.length, newer.length) + 1;
  const [a, b] = [from, newer].map((place) => BigInt(`0x${place.padEnd(digits, "0")}`)) as [bigint, bigint];
  return ((a + b) / 2n).toString(16).padStart(digits, "0");
}
