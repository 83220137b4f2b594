import { expect, it } from "vitest";
import type { ImageView } from "../api/schema";
import { learned, type Pool } from "./known";

const image = (id: string, ...entries: string[]) => ({ id, entries, state: "ready" }) as ImageView;
const pool = (complete: boolean, ...images: ImageView[]): Pool => ({
  images: new Map(images.map((one) => [one.id, one])),
  total: complete ? images.length : 9,
  complete,
});
const ids = ({ images }: Pool) => [...images.keys()];

it("puts into a workspace what comes into it, and takes out what leaves it", () => {
  const before = pool(true, image("a", "e"));
  const more = learned(before, "e", [image("b", "e", "f"), image("c", "f")], []);
  expect([ids(more), more.total]).toEqual([["a", "b"], 2]);
  expect(ids(learned(more, "e", [image("a")], []))).toEqual(["b"]);
  expect(ids(before)).toEqual(["a"]);
});

it("keeps in the pool whatever workspaces hold it, and drops what is no more", () => {
  const before = pool(true, image("a", "e"), image("b"));
  expect(ids(learned(before, undefined, [image("a")], ["a", "b"]))).toEqual(["a"]);
  const rejected = { ...image("b"), state: "rejected" } as ImageView;
  expect(ids(learned(before, undefined, [rejected], ["b"]))).toEqual(["a"]);
});

it("does not guess how many there are while they still come", () => {
  expect(learned(pool(false, image("a")), undefined, [image("b")], []).total).toBe(9);
});
