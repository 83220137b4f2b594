import { expect, test } from "vitest";
import { commandOf } from "./keys";

const none = { ctrlKey: false, metaKey: false, altKey: false };

test.each([
  ["ArrowLeft", "previous"],
  ["ArrowRight", "next"],
  ["Home", "first"],
  ["End", "last"],
  ["+", "in"],
  ["=", "in"],
  ["-", "out"],
  ["0", "fit"],
  ["1", "actual"],
  ["i", "info"],
  ["I", "info"],
  ["w", "choose"],
  ["Escape", "close"],
  ["ArrowUp", null],
  ["x", null],
  ["toString", null],
])("over the whole photograph %s means %s", (key, command) => {
  expect(commandOf({ ...none, key }, false)).toBe(command);
});

test("close up, arrows look around and pages turn", () => {
  expect(commandOf({ ...none, key: "ArrowRight" }, true)).toEqual({ x: -80, y: 0 });
  expect(commandOf({ ...none, key: "ArrowUp" }, true)).toEqual({ x: 0, y: 80 });
  expect(commandOf({ ...none, key: "PageDown" }, true)).toBe("next");
});

test("what the browser does with Ctrl, Alt or Command stays the browser's", () => {
  for (const key of ["+", "-", "0", "ArrowLeft"]) {
    for (const held of ["ctrlKey", "metaKey", "altKey"]) {
      expect(commandOf({ ...none, key, [held]: true }, true)).toBeNull();
    }
  }
});
