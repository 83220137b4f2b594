import { expect, it } from "vitest";
import { changesOf } from "./draft";

const KEPT = { name: "Zürich", language: "en" };

it("counts what was typed and typed back as no change", () => {
  expect(changesOf(KEPT, { name: "Zürich" })).toEqual({});
});

it("keeps the changes apart from what somebody else changed meanwhile", () => {
  const typed = { name: "Basel" };
  expect(changesOf({ ...KEPT, language: "fr" }, typed)).toEqual({ name: "Basel" });
  expect(changesOf({ ...KEPT, name: "Basel" }, typed)).toEqual({});
});
