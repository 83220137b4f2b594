import { expect, it } from "vitest";
import { between } from "./selection";

const ORDER = ["a", "b", "c", "d", "e"];

it("reaches from one photograph to another in the order that is shown, whichever comes first", () => {
  expect(between(ORDER, "b", "d")).toEqual(["b", "c", "d"]);
  expect(between(ORDER, "d", "b")).toEqual(["b", "c", "d"]);
  expect(between(ORDER, "c", "c")).toEqual(["c"]);
});

it("begins anew where the first one is not shown any more", () => {
  expect(between(ORDER, "gone", "d")).toEqual(["d"]);
});
