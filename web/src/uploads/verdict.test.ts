import { describe, expect, it } from "vitest";
import { Problem } from "../api/problem";
import { problem } from "./simulated";
import { verdict } from "./verdict";

describe("after a problem", () => {
  it.each([
    [Problem.unreachable(), "system"],
    [problem(503, "unavailable"), "system"],
    [problem(429, "rate_limited"), "system"],
    [problem(502, "internal"), "system"],
    [problem(500, "internal"), "later"],
    [problem(400, "upload_incomplete"), "later"],
    [problem(401, "not_signed_in"), "session"],
    [problem(403, "csrf_failed"), "session"],
    [problem(403, "forbidden"), "refused"],
    [problem(404, "not_found"), "refused"],
    [problem(409, "image_id_used"), "refused"],
    [problem(413, "too_large"), "refused"],
  ] as const)("%s means: %s", (met, meaning) => expect(verdict(met)).toBe(meaning));
});
