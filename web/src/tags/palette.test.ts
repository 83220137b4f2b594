import { expect, it } from "vitest";
import { COLOURS, PALETTE } from "./palette";

/** Relative luminance (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

it("TAG-1: a label's words and mark are legible in both themes, whatever its colour", () => {
  const shades = COLOURS.flatMap((colour) => Object.values(PALETTE[colour]));
  expect(shades.length).toBe(24);
  for (const { ground, words, mark } of shades) {
    expect(contrast(ground, words)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(ground, mark)).toBeGreaterThanOrEqual(3);
  }
});

it("computes contrast as WCAG says", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
});
