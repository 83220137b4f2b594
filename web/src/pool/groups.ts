import type { ImageView } from "../api/schema";
import { dayOf } from "../ui/dates";
import type { Upload } from "../uploads/uploads";

export type Direction = "newest" | "oldest";

/** A tile: a photograph, an upload that is becoming one, or both. Its id is the same throughout. */
export interface Tile {
  id: string;
  image: ImageView | undefined;
  upload: Upload | undefined;
}

const tiles = new WeakMap<ImageView | Upload, Tile>();

/** The same tile for the same photograph and upload, so that what did not change is not drawn again. */
function tileOf(id: string, image: ImageView | undefined, upload: Upload | undefined): Tile {
  const made = image ?? upload;
  const before = made && tiles.get(made);
  if (before !== undefined && before.image === image && before.upload === upload) return before;
  const tile = { id, image, upload };
  if (made !== undefined) tiles.set(made, tile);
  return tile;
}

/** The photographs of one calendar date at the site. */
export interface DateGroup {
  /** YYYY-MM-DD. */
  day: string;
  tiles: Tile[];
}

/** Uploads of which a tile is shown until their photograph is; the others ended without one. */
const SHOWN: ReadonlySet<Upload["state"]> = new Set(["waiting", "sending", "processing", "added", "failed"]);

const days = new WeakMap<Tile, { at: string; timeZone: string | undefined; day: string }>();

/** The calendar date of a tile, reckoned once: most tiles are the same after a change. */
function dayOfTile(tile: Tile, at: string, timeZone: string | undefined): string {
  const known = days.get(tile);
  if (known !== undefined && known.at === at && known.timeZone === timeZone) return known.day;
  const day = dayOf(new Date(at), timeZone);
  days.set(tile, { at, timeZone, day });
  return day;
}

/** Photographs and uploads by effective date in the site's time zone (POOL-7), each of them once. */
export function grouped(
  images: ReadonlyMap<string, ImageView>,
  uploads: readonly Upload[],
  timeZone: string | undefined,
  direction: Direction,
): DateGroup[] {
  const byId = new Map(uploads.map((upload) => [upload.id, upload]));
  const placed = [...images.values()].map((image) => ({
    at: image.effective_at,
    place: image.place,
    tile: tileOf(image.id, image, byId.get(image.id)),
  }));
  // what is not registered yet is on its way to the newest place, in the order in which it was chosen
  uploads.forEach((upload, number) => {
    if (images.has(upload.id) || !SHOWN.has(upload.state)) return;
    const at = upload.image?.effective_at ?? new Date(upload.addedAt + number).toISOString();
    placed.push({
      at,
      place: upload.image?.place ?? placeAt(upload.addedAt + number),
      tile: tileOf(upload.id, upload.image ?? undefined, upload),
    });
  });
  const sign = direction === "newest" ? -1 : 1;
  placed.sort((a, b) => sign * (compared(a.place, b.place) || compared(a.tile.id, b.tile.id)));
  const groups = new Map<string, DateGroup>();
  for (const { at, tile } of placed) {
    const day = dayOfTile(tile, at, timeZone);
    const group = groups.get(day);
    if (group === undefined) groups.set(day, { day, tiles: [tile] });
    else group.tiles.push(tile);
  }
  return [...groups.values()].sort((a, b) => sign * compared(a.day, b.day));
}

const MICROSECONDS_BEFORE_1970 = 62_135_596_800_000_000n;

/** Where the server would put a photograph of this moment, in milliseconds since 1970. */
export function placeAt(moment: number): string {
  return (BigInt(moment) * 1000n + MICROSECONDS_BEFORE_1970).toString(16).padStart(15, "0");
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A row of the virtual list: a date's header, or as many of its tiles as fit beside each other. */
export type Row =
  | { kind: "header"; key: string; day: string; count: number; collapsed: boolean; open: boolean; of: readonly Tile[] }
  | { kind: "tiles"; key: string; tiles: readonly Tile[] };

/** The groups as rows. `open`: more of the last date may come, its count is not known yet. */
export function rowsOf(
  groups: readonly DateGroup[],
  columns: number,
  collapsed: ReadonlySet<string>,
  complete: boolean,
): Row[] {
  const rows: Row[] = [];
  groups.forEach(({ day, tiles }, number) => {
    const hidden = collapsed.has(day);
    const open = !complete && number === groups.length - 1;
    rows.push({ kind: "header", key: day, day, count: tiles.length, collapsed: hidden, open, of: tiles });
    if (hidden) return;
    for (let from = 0; from < tiles.length; from += columns) {
      rows.push({ kind: "tiles", key: `${day}/${from}`, tiles: tiles.slice(from, from + columns) });
    }
  });
  return rows;
}
