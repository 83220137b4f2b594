import type { Preferences } from "../api/schema";
import type { Row } from "./groups";

/** How large photographs are in the pool (POOL-8). */
export type Zoom = NonNullable<Preferences["pool_zoom"]>;

export const ZOOMS: readonly Zoom[] = ["small", "medium", "large"];
export const HEADER = 44;
export const PADDING = 16;

const WISHED: Record<Zoom, number> = { small: 120, medium: 200, large: 320 };
const FEWEST: Record<Zoom, number> = { small: 3, medium: 2, large: 1 };
const GAPS: Record<Zoom, number> = { small: 6, medium: 10, large: 14 };
/** What stands below the picture: the caption, then the tags. */
const CAPTIONS: Record<Zoom, number> = { small: 0, medium: 30, large: 48 };
const TAGS: Record<Zoom, number> = { small: 0, medium: 28, large: 28 };
const SHAPE = 3 / 4;
const PHONE = 480;
const PHONE_TILE = 150;

/** The sizes of everything in the grid, in CSS pixels: known without looking at what was drawn. */
export interface Layout {
  columns: number;
  gap: number;
  tileWidth: number;
  pictureHeight: number;
  /** Of a row of tiles, with the gap below it. */
  rowHeight: number;
}

/** As many columns as fit into this room, which share it evenly. */
export function layoutOf(zoom: Zoom, room: number): Layout {
  const gap = GAPS[zoom];
  const wished = zoom === "medium" && room < PHONE ? PHONE_TILE : WISHED[zoom];
  const columns = Math.max(FEWEST[zoom], Math.round((room + gap) / (wished + gap)));
  const tileWidth = Math.max(0, (room - (columns - 1) * gap) / columns);
  const pictureHeight = Math.round(tileWidth * SHAPE);
  return { columns, gap, tileWidth, pictureHeight, rowHeight: pictureHeight + CAPTIONS[zoom] + TAGS[zoom] + gap };
}

/** The next zoom level in a direction; the same at the end. */
export function zoomed(zoom: Zoom, step: 1 | -1): Zoom {
  return ZOOMS[ZOOMS.indexOf(zoom) + step] ?? zoom;
}

/** Where a row begins, from the top of the grid. */
export function startOf(rows: readonly Row[], number: number, rowHeight: number): number {
  let start = 0;
  for (let n = 0; n < number; n++) start += rows[n]?.kind === "header" ? HEADER : rowHeight;
  return start;
}

/** The row of a tile; -1 where it is not shown. */
export function rowWith(rows: readonly Row[], tile: string | null | undefined): number {
  return rows.findIndex((row) => row.kind === "tiles" && row.tiles.some(({ id }) => id === tile));
}

/** A photograph and where it is in the window, from its top. */
interface Anchor {
  tile: string;
  offset: number;
}

/** What should stay where it is: a tile that is looked at, if it is in the window, else the first one that is. */
export function anchorOf(
  rows: readonly Row[],
  rowHeight: number,
  window: { top: number; height: number },
  lookedAt: string | null,
): Anchor | null {
  let start = 0;
  let first: Anchor | null = null;
  for (const row of rows) {
    if (start > window.top + window.height) break;
    if (row.kind === "header") {
      start += HEADER;
      continue;
    }
    const offset = start - window.top;
    // a row of which less than half can be seen is not what is looked at
    if (offset + rowHeight / 2 > HEADER) {
      if (row.tiles.some(({ id }) => id === lookedAt)) return { tile: lookedAt as string, offset };
      first ??= row.tiles[0] === undefined ? null : { tile: row.tiles[0].id, offset };
    }
    start += rowHeight;
  }
  return first;
}

/** How far to scroll so that a photograph is again where it was, and wholly in the window. */
export function scrolledTo(
  rows: readonly Row[],
  rowHeight: number,
  height: number,
  { tile, offset }: Anchor,
): number | null {
  const row = rowWith(rows, tile);
  if (row < 0) return null;
  const kept = Math.max(HEADER, Math.min(offset, height - rowHeight));
  return Math.max(0, startOf(rows, row, rowHeight) - kept);
}
