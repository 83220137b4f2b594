import { expect, it } from "vitest";
import { Going } from "./sequence";

function pressed(key: string, timeStamp: number, ctrlKey = false) {
  return { key, timeStamp, ctrlKey, metaKey: false, altKey: false };
}

it("leads on with the key after g", () => {
  const going = new Going();
  expect(going.hear(pressed("g", 0))).toBeNull();
  expect(going.hear(pressed("P", 1_000))).toBe("p");
  expect(going.hear(pressed("p", 1_100))).toBeNull();
});

it("forgets g after a while, and after anything else", () => {
  const going = new Going();
  going.hear(pressed("g", 0));
  expect(going.hear(pressed("p", 2_000))).toBeNull();
  going.hear(pressed("g", 3_000));
  going.hear(pressed("c", 3_100, true));
  expect(going.hear(pressed("p", 3_200))).toBeNull();
});
