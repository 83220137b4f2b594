import { expect, it } from "vitest";
import { drawnOf, pathOf } from "./strokes";

it("keeps a drawing in whole numbers within its surface", () => {
  const strokes = [
    [
      { x: 1.4, y: 2.6 },
      { x: -3, y: 500 },
    ],
    [],
  ];
  expect(drawnOf(strokes, 300.2, 180)).toEqual({
    kind: "drawn",
    width: 300,
    height: 180,
    strokes: [
      [
        [1, 3],
        [0, 180],
      ],
    ],
  });
});

it("says that nothing was drawn", () => {
  expect(drawnOf([[], []], 300, 180)).toBeNull();
});

it("keeps no more points than the server takes, and the ends of every stroke's beginning", () => {
  const long = Array.from({ length: 12_000 }, (_, x) => ({ x: x % 300, y: 5 }));
  const points = drawnOf([long, [{ x: 7, y: 7 }]], 300, 180)?.strokes.flat() ?? [];
  expect(points.length).toBeLessThanOrEqual(10_000);
  expect(points.at(-1)).toEqual([7, 7]);
});

it("draws a dot where a stroke has one place", () => {
  expect(pathOf([[3, 4]])).toBe("M3 4h.01");
  expect(
    pathOf([
      [3, 4],
      [5, 6],
    ]),
  ).toBe("M3 4L5 6");
});
