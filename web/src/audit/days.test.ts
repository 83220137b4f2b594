import { expect, it } from "vitest";
import type { TrailRecord } from "../api/schema";
import { byDay } from "./days";

function at(instant: string, position: number): TrailRecord {
  return { position, at: instant } as TrailRecord;
}

it("puts records under the days on which they happened where the user is, newest first", () => {
  const records = [at("2026-03-02T23:30:00Z", 3), at("2026-03-02T22:30:00Z", 2), at("2026-03-02T08:00:00Z", 1)];
  const days = byDay(records, "Europe/Zurich");
  expect(days.map(({ day }) => day)).toEqual(["2026-03-03", "2026-03-02"]);
  expect(days.map(({ records: its }) => its.map(({ position }) => position))).toEqual([[3], [2, 1]]);
});
