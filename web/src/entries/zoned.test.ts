import { describe, expect, it } from "vitest";
import { instantsOf, wallTimeOf } from "./zoned";

const ZONES = [
  "Europe/Zurich",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Africa/Casablanca",
  "UTC",
];
const HOUR = 3_600_000;

/** Minutes from 1970 to 2100, the same in each run. */
function* minutes(count: number): Generator<Date> {
  let state = 20_260_312;
  for (let made = 0; made < count; made++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    yield new Date(Math.floor((state / 2 ** 32) * 68_374_080) * 60_000);
  }
}

describe.each(ZONES)("in %s", (zone) => {
  it("finds each instant again among those that its clocks show", () => {
    for (const instant of minutes(400)) {
      const found = instantsOf(wallTimeOf(instant, zone), zone).map((one) => one.getTime());
      expect(found).toContain(instant.getTime());
      expect(found.length).toBeLessThanOrEqual(2);
    }
  });

  it("never names an instant at which the clocks show something else", () => {
    for (const instant of minutes(400)) {
      const wall = instant.toISOString().slice(0, 16);
      for (const found of instantsOf(wall, zone)) expect(wallTimeOf(found, zone)).toBe(wall);
    }
  });

  it("skips and repeats as many minutes of a year as it puts its clocks forward and back", () => {
    const walls = Array.from({ length: 366 * 48 }, (_, half) =>
      new Date(Date.UTC(2026, 0, 1) + half * (HOUR / 2)).toISOString().slice(0, 16),
    );
    const counts = walls.map((wall) => instantsOf(wall, zone).length);
    const skipped = counts.filter((count) => count === 0).length;
    expect(counts.filter((count) => count === 2).length).toBe(skipped);
    expect(skipped > 0).toBe(!["UTC", "Asia/Kathmandu"].includes(zone));
  });
});

it("knows the hour that is skipped and the hour that comes twice", () => {
  expect(instantsOf("2026-03-29T02:30", "Europe/Zurich")).toEqual([]);
  const twice = instantsOf("2026-10-25T02:30", "Europe/Zurich");
  expect(twice.map((instant) => instant.toISOString())).toEqual([
    "2026-10-25T00:30:00.000Z",
    "2026-10-25T01:30:00.000Z",
  ]);
  expect(instantsOf("2026-03-12T09:30", "Europe/Zurich").map((one) => one.toISOString())).toEqual([
    "2026-03-12T08:30:00.000Z",
  ]);
});

it.each(["", "soon", "2026-02-30T10:00", "12026-01-01T00:00", "2026-03-12"])("takes %j for no time", (wall) => {
  expect(instantsOf(wall, "Europe/Zurich")).toEqual([]);
});
