import { expect, it } from "vitest";
import type { TagCategoryView } from "../api/schema";
import { byId, inOrder } from "./known";

const tag = (id: string, retired = false) => ({ id, name: id.toUpperCase(), retired, version: 1 });
const category = (name: string, tags: TagCategoryView["tags"], retired = false): TagCategoryView => ({
  id: name,
  site: null,
  name,
  colour: "teal",
  retired,
  version: 1,
  tags,
});

it("TAG-2: knows tags by their ids, retired with their category", () => {
  const known = byId([category("Old", [tag("a")], true), category("New", [tag("b"), tag("c", true)])]);
  expect([...known.values()].map(({ id, category: name, retired }) => [id, name, retired])).toEqual([
    ["a", "Old", true],
    ["b", "New", false],
    ["c", "New", true],
  ]);
});

it("shows tags in the order of their categories, and none that is not known", () => {
  const known = byId([category("Old", [tag("b"), tag("a")]), category("New", [tag("c")])]);
  expect(inOrder(known, ["a", "c", "of a newer list", "b"]).map(({ id }) => id)).toEqual(["b", "a", "c"]);
});
