import { expect, it } from "vitest";
import type { ImageView } from "../api/schema";
import { datesOn, onDay } from "./dating";

it("keeps the time of day in the zone of the site, to the microsecond", () => {
  // 9:30 in winter is 9:30 in summer, an hour earlier in UTC
  expect(onDay("2026-01-15T08:30:12.345678Z", "2026-07-15", "Europe/Vienna")).toBe("2026-07-15T07:30:12.345678Z");
  expect(onDay("2026-01-15T08:30:12Z", "2026-01-10", "Europe/Vienna")).toBe("2026-01-10T08:30:12Z");
});

it("reckons by the date at the site, not in Greenwich", () => {
  expect(onDay("2026-03-10T22:00:00Z", "2026-03-12", "Pacific/Auckland")).toBe("2026-03-11T22:00:00Z");
});

it("takes an hour later where the clocks skip it, and the first where it comes twice", () => {
  expect(onDay("2026-01-15T01:30:00Z", "2026-03-29", "Europe/Vienna")).toBe("2026-03-29T01:30:00Z");
  expect(onDay("2026-01-15T01:30:00Z", "2026-10-25", "Europe/Vienna")).toBe("2026-10-25T00:30:00Z");
});

it("changes nothing of what is of that date already", () => {
  const images = ["2026-01-15T08:30:00Z", "2026-01-10T10:00:00Z"].map(
    (effective_at, n) => ({ id: `${n}`, effective_at }) as ImageView,
  );
  expect(datesOn(images, "2026-01-10", "UTC")).toEqual([{ image: "0", effective_at: "2026-01-10T08:30:00Z" }]);
});
