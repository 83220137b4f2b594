import { expect, it } from "vitest";
import type { ImageView } from "../api/schema";
import { counted, withAnyOf } from "./filtering";

const POOL = new Map(
  Object.entries({ a: ["x"], b: ["x", "y"], c: [] }).map(([id, tags]) => [id, { id, tags } as unknown as ImageView]),
);

it("TAG-3: shows photographs with any of the chosen tags, and all while none is chosen", () => {
  expect([...withAnyOf(POOL, new Set(["y"])).keys()]).toEqual(["b"]);
  expect([...withAnyOf(POOL, new Set(["x", "y"])).keys()]).toEqual(["a", "b"]);
  expect([...withAnyOf(POOL, new Set(["z"])).keys()]).toEqual([]);
  expect(withAnyOf(POOL, new Set())).toBe(POOL);
});

it("POOL-9: counts how many photographs have each tag", () => {
  expect([...counted(POOL)]).toEqual([
    ["x", 2],
    ["y", 1],
  ]);
});
