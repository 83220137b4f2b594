import { expect, it } from "vitest";
import type { ImageView } from "../api/schema";
import { become, holds, parts, toggling } from "./wishes";

const image = (id: string, ...entries: string[]) => ({ id, entries }) as ImageView;

it("adds to one workspace and removes from it, whatever others hold", () => {
  const there = become("e", image("a", "f"), true);
  expect(there.entries).toEqual(["f", "e"]);
  expect(holds("e", there)).toBe(true);
  expect(become("e", there, true)).toBe(there);
  expect(become("e", there, false).entries).toEqual(["f"]);
});

it("chooses those that are missing, and where none is lets all go", () => {
  const [a, b] = [image("a"), image("b", "e")];
  expect(toggling("e", [a, b])).toEqual([{ image: a, wanted: true }]);
  expect(toggling("e", [b])).toEqual([{ image: b, wanted: false }]);
  expect(toggling("e", [])).toEqual([]);
});

it("sends no more at once than the server takes", () => {
  const wishes = Array.from({ length: 450 }, (_, n) => ({ image: image(`${n}`), wanted: n % 2 === 0 }));
  const sent = parts(wishes);
  expect(sent.map((part) => part.wishes.length)).toEqual([200, 200, 50]);
  expect(sent.map(({ body }) => (body.add?.length ?? 0) + (body.remove?.length ?? 0))).toEqual([200, 200, 50]);
  expect(sent[0]?.body.add?.slice(0, 2)).toEqual(["0", "2"]);
  expect(parts([])).toEqual([]);
});
