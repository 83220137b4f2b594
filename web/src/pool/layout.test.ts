import { expect, it } from "vitest";
import type { Row, Tile } from "./groups";
import { anchorOf, HEADER, layoutOf, rowWith, scrolledTo, startOf, zoomed } from "./layout";

const tile = (id: string): Tile => ({ id, image: undefined, upload: undefined });
const header = (day: string): Row => ({
  kind: "header",
  key: day,
  day,
  count: 1,
  collapsed: false,
  open: false,
  of: [],
});

function rows(columns: number, ids: string[]): Row[] {
  const made: Row[] = [header("2026-11-22")];
  for (let n = 0; n < ids.length; n += columns)
    made.push({ kind: "tiles", key: `${n}`, tiles: ids.slice(n, n + columns).map(tile) });
  return made;
}

const IDS = Array.from({ length: 60 }, (_, n) => `i${n}`);

it("shares the room among columns of about the wished width", () => {
  const columns = (room: number) => (["small", "medium", "large"] as const).map((zoom) => layoutOf(zoom, room).columns);
  expect(columns(1180)).toEqual([9, 6, 4]);
  expect(columns(788)).toEqual([6, 4, 2]);
  expect(columns(358)).toEqual([3, 2, 1]);
  const { columns: count, gap, tileWidth } = layoutOf("medium", 1180);
  expect(count * tileWidth + (count - 1) * gap).toBeCloseTo(1180);
});

it("ends at the smallest and the largest", () => {
  expect([zoomed("small", -1), zoomed("small", 1), zoomed("large", 1)]).toEqual(["small", "medium", "large"]);
});

it("knows where each row begins", () => {
  expect(startOf(rows(3, IDS), 2, 100)).toBe(HEADER + 100);
  expect(rowWith(rows(3, IDS), "i7")).toBe(3);
  expect(rowWith(rows(3, IDS), "gone")).toBe(-1);
});

it("keeps the first photograph of the window at its height when there are other columns", () => {
  const top = startOf(rows(6, IDS), 5, 100) - HEADER;
  const anchor = anchorOf(rows(6, IDS), 100, { top, height: 500 }, null);
  expect(anchor).toEqual({ tile: "i24", offset: HEADER });
  const scrolled = scrolledTo(rows(2, IDS), 300, 500, anchor ?? { tile: "", offset: 0 });
  expect(scrolled).toBe(startOf(rows(2, IDS), rowWith(rows(2, IDS), "i24"), 300) - HEADER);
});

it("keeps the photograph that is looked at instead, wholly in the window", () => {
  const top = startOf(rows(6, IDS), 5, 100) - HEADER;
  const anchor = anchorOf(rows(6, IDS), 100, { top, height: 500 }, "i43");
  expect(anchor?.tile).toBe("i43");
  expect(anchorOf(rows(6, IDS), 100, { top, height: 500 }, "i3")?.tile).toBe("i24");
  const scrolled = scrolledTo(rows(2, IDS), 300, 500, { tile: "i43", offset: 450 });
  expect(startOf(rows(2, IDS), rowWith(rows(2, IDS), "i43"), 300) - (scrolled ?? 0)).toBe(200);
});
