import { expect, it } from "vitest";
import type { TagList } from "../api/schema";
import { movedTo, orderOf, reordered } from "./ordering";

const tag = (id: string) => ({ id, name: id, retired: false, version: 1 });
const category = (id: string, ...tags: string[]) => ({
  id,
  site: null,
  name: id,
  colour: "teal" as const,
  retired: false,
  version: 1,
  tags: tags.map(tag),
});
const LIST: TagList = { site: null, version: 3, categories: [category("a", "x", "y", "z"), category("b")] };

it("moves one item, and no further than the ends", () => {
  expect(movedTo([1, 2, 3], 0, 2)).toEqual([2, 3, 1]);
  expect(movedTo([1, 2, 3], 2, -5)).toEqual([3, 1, 2]);
  expect(movedTo([1, 2, 3], 0, 9)).toEqual([2, 3, 1]);
  expect(movedTo([1, 2, 3], 7, 0)).toEqual([1, 2, 3]);
});

it("TAG-1: puts categories, or the tags of one, in order, and sends all of it", () => {
  expect(orderOf(reordered(LIST, null, 0, 1))).toEqual({
    site: null,
    categories: [
      { id: "b", tags: [] },
      { id: "a", tags: ["x", "y", "z"] },
    ],
  });
  expect(orderOf(reordered(LIST, "a", 2, 0)).categories[0]).toEqual({ id: "a", tags: ["z", "x", "y"] });
});
