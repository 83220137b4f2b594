import { expect, it } from "vitest";
import { fitting } from "./fitting";

it("shows all labels where they fit", () => {
  expect(fitting([50, 50, 50], 160)).toBe(3);
  expect(fitting([], 160)).toBe(0);
});

it("leaves room for how many more there are", () => {
  expect(fitting([50, 50, 50, 50], 160)).toBe(2);
});

it("shows one label, however long it is", () => {
  expect(fitting([500, 50], 160)).toBe(1);
});
