import { expect, it } from "vitest";
import { othersOf } from "./others";

it("shows everybody else once, and first who has the same entry open", () => {
  const people = [
    { user: "ann", entry: "e" },
    { user: "ben", entry: null },
    { user: "cleo", entry: "e" },
    { user: "cleo", entry: null },
  ];
  expect(othersOf(people, "ann", "e")).toEqual([
    { user: "cleo", sameEntry: true },
    { user: "ben", sameEntry: false },
  ]);
  expect(othersOf(people, "ann", null).every(({ sameEntry }) => !sameEntry)).toBe(true);
  expect(othersOf([], "ann", null)).toEqual([]);
});
