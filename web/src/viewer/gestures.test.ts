import { describe, expect, test } from "vitest";
import { GestureReader, type Gestures, wheelFactor } from "./gestures";

/** Everything that was read, in words. */
function reading({ pans = false } = {}): { reader: GestureReader; read: string[] } {
  const read: string[] = [];
  const gestures: Gestures = {
    onZoom: (factor, at) => read.push(`zoom ${factor.toFixed(2)} at ${at.x},${at.y}`),
    onPan: (by) => read.push(`pan ${by.x},${by.y}`),
    onSwipe: (by) => read.push(`swipe ${by}`),
    onSwipeEnd: (by, speed) => read.push(`swiped ${by} at ${speed.toFixed(1)}`),
    onDoubleTap: (at) => read.push(`double tap at ${at.x},${at.y}`),
    pans: () => pans,
  };
  return { reader: new GestureReader(gestures), read };
}

function finger(x: number, y: number, time: number, id = 1) {
  return { id, x, y, time, touch: true };
}

describe("one finger", () => {
  test("goes sideways over the whole photograph, and throws it", () => {
    const { reader, read } = reading();
    reader.press(finger(100, 0, 0));
    reader.move(finger(80, 2, 20));
    reader.move(finger(40, 4, 40));
    reader.release(finger(40, 4, 50));
    expect(read).toEqual(["swipe -20", "swipe -60", "swiped -60 at -2.0"]);
  });

  test("that rests before it is lifted throws nothing", () => {
    const { reader, read } = reading();
    reader.press(finger(100, 0, 0));
    reader.move(finger(40, 0, 20));
    reader.release(finger(40, 0, 400));
    expect(read.at(-1)).toBe("swiped -60 at 0.0");
  });

  test("that the browser takes away leaves everything where it was", () => {
    const { reader, read } = reading();
    reader.press(finger(100, 0, 0));
    reader.move(finger(0, 0, 20));
    reader.release(finger(0, 0, 25), true);
    expect(read.at(-1)).toBe("swiped 0 at 0.0");
  });

  test("going up or down over the whole photograph means nothing", () => {
    const { reader, read } = reading();
    reader.press(finger(0, 0, 0));
    reader.move(finger(12, 80, 20));
    reader.release(finger(12, 80, 30));
    expect(read).toEqual([]);
  });

  test("drags what is closer than the whole", () => {
    const { reader, read } = reading({ pans: true });
    reader.press(finger(0, 0, 0));
    reader.move(finger(30, -5, 20));
    reader.move(finger(31, 5, 40));
    reader.release(finger(31, 5, 50));
    expect(read).toEqual(["pan 30,-5", "pan 1,10"]);
  });

  test("taps twice in one place", () => {
    const { reader, read } = reading();
    for (const time of [0, 200]) {
      reader.press(finger(7, 8, time));
      reader.release(finger(7, 8, time + 60));
    }
    expect(read).toEqual(["double tap at 7,8"]);
  });

  test.each([
    ["far apart", [finger(0, 0, 0), finger(90, 0, 200)]],
    ["late", [finger(0, 0, 0), finger(0, 0, 900)]],
  ])("taps %s, which are two taps", (_, taps) => {
    const { reader, read } = reading();
    for (const tap of taps) {
      reader.press(tap);
      reader.release({ ...tap, time: tap.time + 50 });
    }
    expect(read).toEqual([]);
  });
});

describe("two fingers", () => {
  test("pinch around their middle, and never swipe or tap", () => {
    const { reader, read } = reading();
    reader.press(finger(-50, 0, 0, 1));
    reader.press(finger(50, 0, 5, 2));
    reader.move(finger(150, 0, 20, 2));
    reader.release(finger(150, 0, 30, 2));
    reader.move(finger(-90, 0, 40, 1));
    reader.release(finger(-90, 0, 50, 1));
    expect(read).toEqual(["pan 50,0", "zoom 2.00 at 50,0"]);
  });

  test("end a swipe that one of them began", () => {
    const { reader, read } = reading();
    reader.press(finger(0, 0, 0, 1));
    reader.move(finger(60, 0, 20, 1));
    reader.press(finger(100, 0, 30, 2));
    expect(read).toEqual(["swipe 60", "swiped 60 at 0.0"]);
  });
});

test("a mouse over the whole photograph drags nothing", () => {
  const { reader, read } = reading();
  reader.press({ ...finger(0, 0, 0), touch: false });
  reader.move({ ...finger(200, 0, 20), touch: false });
  reader.release({ ...finger(200, 0, 30), touch: false });
  expect(read).toEqual([]);
});

describe("the wheel", () => {
  test("towards the user leads away, and back to where it was", () => {
    const away = wheelFactor({ deltaY: 100, deltaMode: 0, ctrlKey: false });
    expect(away).toBeLessThan(1);
    expect(away * wheelFactor({ deltaY: -100, deltaMode: 0, ctrlKey: false })).toBeCloseTo(1);
  });

  test("in lines is as fast as in pixels, and a wild turn is bounded", () => {
    const notch = wheelFactor({ deltaY: 3, deltaMode: 1, ctrlKey: false });
    expect(notch).toBeCloseTo(wheelFactor({ deltaY: 48, deltaMode: 0, ctrlKey: false }));
    expect(wheelFactor({ deltaY: -100_000, deltaMode: 0, ctrlKey: false })).toBeLessThan(1.4);
  });

  test("of a pinch on a touchpad is finer and quicker", () => {
    const pinch = wheelFactor({ deltaY: -5, deltaMode: 0, ctrlKey: true });
    expect(pinch).toBeGreaterThan(wheelFactor({ deltaY: -5, deltaMode: 0, ctrlKey: false }));
  });
});
