import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import en from "../i18n/en.json";
import fr from "../i18n/fr.json";

interface OpenApi {
  paths: Record<string, { put?: { responses: Record<string, { description: string }> } }>;
  components: { schemas: { RejectionReason: { enum: string[] } } };
}

const openapi = JSON.parse(readFileSync(new URL("../../../gateway/openapi.json", import.meta.url), "utf8")) as OpenApi;
const { responses } = openapi.paths["/api/v1/patients/{patient}/images/{image}"]?.put ?? { responses: {} };
const problems = Object.values(responses).flatMap(({ description }) =>
  [...description.matchAll(/`(\w+)`:/g)].map(([, code]) => code ?? ""),
);
const OURS = ["unreachable", "file_unreadable", "processing_failed", "rate_limited", "unsupported_type"];

describe("every reason why a photograph is not added", () => {
  const codes = [...new Set([...openapi.components.schemas.RejectionReason.enum, ...problems, ...OURS])];

  it("is known", () => expect(codes.length).toBeGreaterThan(20));

  it.each(codes)("%s is said in both languages", (code) => {
    expect(en.uploads.reasons).toHaveProperty(code);
    expect(fr.uploads.reasons).toHaveProperty(code);
  });
});
