import { expect, it } from "vitest";
import { clockIn, timeZones } from "./time-zones";

it("offers every time zone once, the one in use even when the browser does not know it", () => {
  const found = timeZones("Nowhere/Town");
  expect(found).toContain("UTC");
  expect(found).toContain("Europe/Zurich");
  expect(found).toContain("Nowhere/Town");
  expect(new Set(found).size).toBe(found.length);
});

it("says what a clock shows there, and nothing where it does not know", () => {
  const noon = new Date("2026-07-01T12:00:00Z");
  expect(clockIn("Europe/Zurich", noon)).toMatch(/(14|2):00/);
  expect(clockIn("Nowhere/Town", noon)).toBeNull();
});
