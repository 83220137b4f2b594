import { describe, expect, it } from "vitest";
import type { LicenceView } from "../api/schema";
import en from "../i18n/en.json";
import { asSigned, daysUntil, untilLookedAt } from "./reckoning";
import { REASONS } from "./words";

const NOW = Date.parse("2026-11-22T12:00:00Z");

function licence(valid_until: string | null, uploads_allowed = true): LicenceView {
  const state = uploads_allowed ? "expiring" : "expired";
  return { state, reason: "in_force", message: "", uploads_allowed, valid_until, sites_used: null, details: null };
}

describe("the licence", () => {
  it("is looked at again when it ends, and every hour", () => {
    expect(untilLookedAt(undefined, NOW)).toBe(3_600_000);
    expect(untilLookedAt(licence("2027-01-01T00:00:00Z"), NOW)).toBe(3_600_000);
    expect(untilLookedAt(licence("2026-11-22T12:00:30Z"), NOW)).toBe(31_000);
    expect(untilLookedAt(licence("2026-11-22T11:00:00Z"), NOW)).toBe(1_000);
    expect(untilLookedAt(licence("2026-11-22T11:00:00Z", false), NOW)).toBe(3_600_000);
  });

  it("counts whole days", () => {
    expect(daysUntil("2026-11-24T11:59:59Z", NOW)).toBe(1);
    expect(daysUntil("2026-11-22T23:00:00Z", NOW)).toBe(0);
    expect(daysUntil("2026-11-01T00:00:00Z", NOW)).toBe(0);
  });

  it("is sent as it was signed, however it was copied", () => {
    expect(asSigned("\ndermfolio licence v1\r\nid: 1\r\n\r\n— k s==  \r\n\r\n")).toBe(
      "dermfolio licence v1\nid: 1\n\n— k s==\n",
    );
  });

  it("has words for each reason", () => expect(Object.keys(en.licence.reasons).sort()).toEqual([...REASONS].sort()));
});
