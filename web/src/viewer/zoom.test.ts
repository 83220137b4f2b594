import { describe, expect, test } from "vitest";
import {
  actualScale,
  bounded,
  corner,
  first,
  fitted,
  isCloser,
  isClosest,
  magnification,
  moved,
  nextScale,
  type Point,
  type Scene,
  toggledScale,
  type View,
  zoomed,
} from "./zoom";

const CASES = 500;
const TINY = 1e-6;

/** A repeatable source of numbers from 0 to 1 (mulberry32). */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function everyScene(check: (scene: Scene, chance: () => number) => void): void {
  const chance = chances(7);
  const upTo = (most: number) => Math.ceil(chance() ** 3 * most);
  for (let n = 0; n < CASES; n++) {
    const picture = { width: upTo(12_000), height: upTo(12_000) };
    const stage = { width: 200 + upTo(3600), height: 200 + upTo(2000) };
    check({ picture, stage, dpr: [1, 1.25, 1.5, 2, 3][upTo(5) - 1] ?? 1 }, chance);
  }
}

/** Some view that a user can reach. */
function somewhere(scene: Scene, chance: () => number): View {
  const scale = fitted(scene).scale + chance() * (4 * actualScale(scene) - fitted(scene).scale);
  const far = () => (chance() - 0.5) * 20_000;
  return bounded({ scale, x: far(), y: far() }, scene);
}

/** The pixel of the photograph that is under a place of the stage, from the photograph's centre. */
function under(view: View, at: Point): Point {
  return { x: (at.x - view.x) / view.scale, y: (at.y - view.y) / view.scale };
}

describe("the whole photograph", () => {
  test("fits into every stage, touches it or is shown pixel by pixel", () => {
    everyScene((scene) => {
      const { scale, x, y } = fitted(scene);
      const [width, height] = [scene.picture.width * scale, scene.picture.height * scale];
      expect(width).toBeLessThanOrEqual(scene.stage.width + TINY);
      expect(height).toBeLessThanOrEqual(scene.stage.height + TINY);
      const touches = Math.abs(width - scene.stage.width) < TINY || Math.abs(height - scene.stage.height) < TINY;
      expect(touches || Math.abs(scale - actualScale(scene)) < TINY).toBe(true);
      expect([x, y]).toEqual([0, 0]);
    });
  });
});

describe("zooming", () => {
  test("keeps what is under the pointer, unless the photograph would leave its bounds", () => {
    everyScene((scene, chance) => {
      const view = somewhere(scene, chance);
      const at = { x: (chance() - 0.5) * scene.stage.width, y: (chance() - 0.5) * scene.stage.height };
      const after = zoomed(view, view.scale * 2 ** (chance() * 4 - 2), at, scene);
      const [was, is] = [under(view, at), under(after, at)];
      for (const axis of ["x", "y"] as const) {
        const size = axis === "x" ? "width" : "height";
        const room = Math.max(0, (scene.picture[size] * after.scale - scene.stage[size]) / 2);
        if (Math.abs(after[axis]) < room - TINY) expect(is[axis]).toBeCloseTo(was[axis], 4);
      }
    });
  });

  test("never goes beyond the whole or beyond 400 %", () => {
    everyScene((scene, chance) => {
      const view = somewhere(scene, chance);
      const closest = zoomed(view, Number.MAX_VALUE, { x: 0, y: 0 }, scene);
      expect(magnification(closest, scene)).toBeCloseTo(4);
      expect(isClosest(closest, scene)).toBe(true);
      const whole = zoomed(view, 0, { x: 9, y: 9 }, scene);
      expect(whole.scale).toBe(fitted(scene).scale);
      expect(Math.hypot(whole.x, whole.y)).toBeLessThan(TINY);
    });
  });

  test("1 : 1 shows one pixel of the photograph as one pixel of the screen, on whole pixels", () => {
    everyScene((scene, chance) => {
      const view = zoomed(somewhere(scene, chance), actualScale(scene), { x: 1, y: 1 }, scene);
      expect(view.scale * scene.dpr).toBeCloseTo(1);
      expect(magnification(view, scene)).toBeCloseTo(1);
      for (const edge of Object.values(corner(view, scene))) {
        expect(edge * scene.dpr).toBeCloseTo(Math.round(edge * scene.dpr), 6);
      }
    });
  });

  test("in steps reaches 400 % and comes back to the whole", () => {
    everyScene((scene) => {
      let view = fitted(scene);
      const seen = [view.scale];
      while (!isClosest(view, scene)) {
        view = zoomed(view, nextScale(view, 1, scene), { x: 0, y: 0 }, scene);
        expect(view.scale).toBeGreaterThan(seen.at(-1) ?? 0);
        seen.push(view.scale);
      }
      expect(seen.length).toBeLessThan(15);
      for (let steps = 0; isCloser(view, scene); steps++) {
        view = zoomed(view, nextScale(view, -1, scene), { x: 0, y: 0 }, scene);
        expect(steps).toBeLessThan(15);
      }
      expect([view.x, view.y]).toEqual([0, 0]);
    });
  });

  test("by a double tap leads close and back", () => {
    everyScene((scene) => {
      const close = zoomed(fitted(scene), toggledScale(fitted(scene), scene), { x: 5, y: 5 }, scene);
      expect(isCloser(close, scene)).toBe(true);
      expect(magnification(close, scene)).toBeGreaterThanOrEqual(1 - TINY);
      expect(zoomed(close, toggledScale(close, scene), { x: 5, y: 5 }, scene).scale).toBe(fitted(scene).scale);
    });
  });
});

describe("dragging", () => {
  test("never loses the photograph: it covers the stage, or is centred where it is smaller", () => {
    everyScene((scene, chance) => {
      const by = { x: (chance() - 0.5) * 50_000, y: (chance() - 0.5) * 50_000 };
      const view = moved(somewhere(scene, chance), by, scene);
      for (const axis of ["x", "y"] as const) {
        const size = axis === "x" ? "width" : "height";
        const half = (scene.picture[size] * view.scale) / 2;
        if (half * 2 <= scene.stage[size]) expect(view[axis]).toBeCloseTo(0);
        else {
          expect(view[axis] - half).toBeLessThanOrEqual(-scene.stage[size] / 2 + TINY);
          expect(view[axis] + half).toBeGreaterThanOrEqual(scene.stage[size] / 2 - TINY);
        }
      }
    });
  });

  test("the whole photograph does not move it", () => {
    everyScene((scene) => {
      const { x, y } = moved(fitted(scene), { x: 300, y: -200 }, scene);
      expect(x).toBeCloseTo(0);
      expect(y).toBeCloseTo(0);
    });
  });
});

test("one begins with the whole or with the pixels, which are the same where the photograph fits", () => {
  const stage = { width: 1000, height: 800 };
  const large = { picture: { width: 4000, height: 3000 }, stage, dpr: 2 };
  const small = { picture: { width: 400, height: 300 }, stage, dpr: 2 };
  expect(first("fit", large)).toEqual(fitted(large));
  expect(magnification(first("pixels", large), large)).toBe(1);
  expect(isCloser(first("pixels", large), large)).toBe(true);
  expect(first("pixels", small)).toEqual(first("fit", small));
});
