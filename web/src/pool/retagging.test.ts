import { expect, it } from "vitest";
import type { ImageView } from "../api/schema";
import { parts } from "./portions";
import { sharesOf, undoing } from "./retagging";

const image = (id: string, ...tags: string[]) => ({ id, tags }) as unknown as ImageView;
const IMAGES = [image("1", "a", "b"), image("2", "a"), image("3", "a", "c"), image("4")];

it("says what all, some and none of the photographs have", () => {
  expect([...sharesOf(IMAGES)]).toEqual([
    ["a", "some"],
    ["b", "some"],
    ["c", "some"],
  ]);
  expect(sharesOf(IMAGES.slice(0, 3)).get("a")).toBe("all");
});

it("undoes what was changed, not what was so before", () => {
  expect(undoing(IMAGES, { add: ["a"], remove: ["b", "c"] })).toEqual([
    { images: ["1"], add: ["b"], remove: [] },
    { images: ["3"], add: ["c"], remove: [] },
    { images: ["4"], add: [], remove: ["a"] },
  ]);
});

it("sends no more at once than the server takes", () => {
  const many = Array.from({ length: 450 }, (_, n) => `${n}`);
  const sent = parts([{ images: many, add: Array.from({ length: 25 }, (_, n) => `t${n}`), remove: ["x"] }]);
  expect(sent.map(({ images, add, remove }) => [images.length, add.length, remove.length])).toEqual([
    [200, 20, 1],
    [200, 5, 0],
    [200, 20, 1],
    [200, 5, 0],
    [50, 20, 1],
    [50, 5, 0],
  ]);
});
