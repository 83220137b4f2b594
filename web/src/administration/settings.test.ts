import { expect, it } from "vitest";
import { sentOf, shownOf } from "./settings";

const KEPT = {
  idle_minutes: 30,
  absolute_hours: 12,
  second_factor_required: false,
  upload_limit_bytes: 16 * 1024 * 1024,
  emergency_minutes: 60,
  audit_level: "comprehensive" as const,
  version: 2,
};

it("shows the upload limit in megabytes, and sends it in bytes", () => {
  expect(shownOf(KEPT).upload_megabytes).toBe(16);
  expect(sentOf({ upload_megabytes: 20 })).toEqual({ upload_limit_bytes: 20 * 1024 * 1024 });
});

it("sends what was changed and nothing else, as numbers", () => {
  expect(sentOf({ idle_minutes: "45" })).toEqual({ idle_minutes: 45 });
  expect(sentOf({ second_factor_required: true })).toEqual({ second_factor_required: true });
  expect(sentOf({ audit_level: "essential" })).toEqual({ audit_level: "essential" });
  expect(sentOf({ effective_date_from: "capture" })).toEqual({ effective_date_from: "capture" });
});
