import { expect, it } from "vitest";
import cases from "../../../services/patients/tests/merging.json";
import { isClash, merge, moved, textOf } from "./merging";

it.each(cases)("merges as the server does: $about", ({ base, ours, theirs, text, clashes = [] }) => {
  const parts = merge(base, ours, theirs);
  expect(textOf(parts)).toBe(text);
  expect(parts.filter(isClash)).toEqual(clashes);
});

function at(marked: string): [string, number] {
  return [marked.replace("|", ""), marked.indexOf("|")];
}

it.each([
  ["a|b\nc", "a|b\nC"],
  ["a\nb|c", "a\nx\nb|c"],
  ["a\nbc|", "bc|"],
  ["a\nred sp|ot", "a\nlarge red sp|ot"],
  ["a\nred sp|ot", "a\nred sp|ot, raised"],
  ["|", "|x"],
  ["a\n|", "a\nb\n|"],
  ["gone|", "|"],
  ["a\nb|\nc", "a\n|c"],
])("keeps the caret where it was typed: %s becomes %s", (was, is) => {
  const [before, place] = at(was);
  const [after, expected] = at(is);
  expect(moved(place, before, after)).toBe(expected);
});

it("keeps the caret within a text however it changed", () => {
  for (const before of ["", "a", "a\nb\n\nc"]) {
    for (const after of ["", "x", "a\nc", "\n\n\n"]) {
      for (let place = 0; place <= before.length; place++) {
        const found = moved(place, before, after);
        expect(found >= 0 && found <= after.length).toBe(true);
      }
    }
  }
});
