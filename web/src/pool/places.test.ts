import { expect, it } from "vitest";
import type { ImageView } from "../api/schema";
import type { Tile } from "./groups";
import { placeBetween, stepped, targetOf } from "./places";

const MOMENT = "0e3f6c1b2a00000";
const tiles = (...ids: string[]): Tile[] =>
  ids.map((id, n) => ({
    id,
    image: { id, place: `${MOMENT}${(ids.length - n).toString(16)}8` } as ImageView,
    upload: undefined,
  }));

it("finds a place between any two, however near", () => {
  let [older, newer] = [`${MOMENT}0000018`, `${MOMENT}0000028`];
  for (let n = 0; n < 200; n++) {
    const place = placeBetween(older, newer);
    expect(older < place && place < newer).toBe(true);
    if (n % 3 === 0) older = place;
    else newer = place;
  }
});

it("finds a place beyond the first and the last, in the moment of their neighbours", () => {
  const place = `${MOMENT}abcdef8`;
  expect(placeBetween(place, null) > place).toBe(true);
  expect(placeBetween(null, place) < place).toBe(true);
  expect(placeBetween(null, place).startsWith(MOMENT)).toBe(true);
});

it("says beside whom a photograph comes, as the dates go", () => {
  const [a, , c] = tiles("a", "b", "c");
  expect(targetOf(tiles("a", "b", "c"), "a", 1, "newest")).toMatchObject({
    index: 1,
    neighbour: { next_to: "b", side: "older" },
  });
  expect(targetOf(tiles("a", "b", "c"), "c", 0, "newest")).toMatchObject({
    neighbour: { next_to: "a", side: "newer" },
  });
  expect(targetOf(tiles("a", "b", "c").reverse(), "a", 1, "oldest")).toMatchObject({
    neighbour: { next_to: "c", side: "newer" },
  });
  expect((targetOf(tiles("a", "b", "c"), "b", 0, "newest")?.place ?? "") > (a?.image?.place ?? "")).toBe(true);
  expect((targetOf(tiles("a", "b", "c"), "b", 2, "newest")?.place ?? "") < (c?.image?.place ?? "")).toBe(true);
});

it("moves nobody who is there already, or alone", () => {
  expect(targetOf(tiles("a", "b"), "b", 5, "newest")).toBeNull();
  expect(targetOf(tiles("a"), "a", 0, "newest")).toBeNull();
});

it("steps by one, by a row, or to an end", () => {
  const ways = ["left", "right", "up", "down", "first", "last"] as const;
  expect(ways.map((way) => stepped(5, 12, 4, way))).toEqual([4, 6, 1, 9, 0, 12]);
});
