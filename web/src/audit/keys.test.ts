import { expect, it } from "vitest";
import { goneTo } from "./keys";

it("moves by a row, by what is seen, and to the ends", () => {
  expect(goneTo("ArrowDown", 3, 100, 10)).toBe(4);
  expect(goneTo("ArrowUp", 3, 100, 10)).toBe(2);
  expect(goneTo("PageDown", 3, 100, 10)).toBe(13);
  expect(goneTo("PageUp", 13, 100, 10)).toBe(3);
  expect(goneTo("End", 3, 100, 10)).toBe(99);
  expect(goneTo("Home", 3, 100, 10)).toBe(0);
});

it("stops at the ends", () => {
  expect(goneTo("ArrowUp", 0, 100, 10)).toBe(0);
  expect(goneTo("PageDown", 95, 100, 10)).toBe(99);
});

it("leaves other keys to others", () => {
  expect(goneTo("a", 3, 100, 10)).toBeNull();
});
