import { expect, it } from "vitest";
import { changesOf, overtakenOf } from "./draft";

const KEPT = { name: "Zürich", language: "en" };

it("counts what was typed and typed back as no change", () => {
  expect(changesOf(KEPT, { name: "Zürich" })).toEqual({});
});

it("keeps the changes apart from what somebody else changed meanwhile", () => {
  const typed = { name: "Basel" };
  expect(changesOf({ ...KEPT, language: "fr" }, typed)).toEqual({ name: "Basel" });
  expect(changesOf({ ...KEPT, name: "Basel" }, typed)).toEqual({});
});

it("compares lists by what is in them", () => {
  const kept = { numbers: [{ system: "KIS", number: "7" }] };
  expect(changesOf(kept, { numbers: [{ system: "KIS", number: "7" }] })).toEqual({});
  expect(changesOf(kept, { numbers: [] })).toEqual({ numbers: [] });
});

it("tells which of the changes were made over something that is kept no longer", () => {
  const typed = { name: "Basel", language: "fr" };
  expect([...overtakenOf({ ...KEPT, name: "Genf" }, typed, KEPT)]).toEqual(["name"]);
  expect([...overtakenOf(KEPT, typed, KEPT)]).toEqual([]);
});
