import { describe, expect, test } from "vitest";
import type { ImageView } from "../api/schema";
import { renditionAddress, sourcesOf, sufficient } from "./sources";

function photograph(facts: Partial<ImageView> = {}): ImageView {
  const renditions = [2560, 320, 1280].map((size) => ({
    size: size as 320 | 1280 | 2560,
    width: size,
    height: size / 2,
    bytes: 9,
    media_type: "image/webp" as const,
  }));
  return {
    id: "i",
    patient: "p",
    site: "s",
    state: "ready",
    reason: null,
    message: null,
    file_name: "arm.jpg",
    media_type: "image/jpeg",
    bytes: 99,
    sha256: "",
    width: 6000,
    height: 3000,
    effective_at: "2025-03-12T10:00:00Z",
    uploaded_at: "2025-03-12T10:00:00Z",
    uploaded_by: "u",
    capture: null,
    revision: 1,
    renditions,
    ...facts,
  };
}

function asked(image: ImageView, needed: number, closer: boolean): string | undefined {
  return sufficient(sourcesOf(image), needed, closer)?.address.replace("/api/v1/patients/p/images/i/", "");
}

describe("what is loaded", () => {
  test.each([
    [200, "renditions/320?revision=1"],
    [321, "renditions/320?revision=1"],
    [330, "renditions/1280?revision=1"],
    [1290, "renditions/1280?revision=1"],
    [1500, "renditions/2560?revision=1"],
    [2600, "renditions/2560?revision=1"],
  ])("for %i pixels is the smallest sufficient rendition", (needed, address) => {
    expect(asked(photograph(), needed, false)).toBe(address);
    expect(asked(photograph(), needed, true)).toBe(address);
  });

  test("beyond the largest rendition is the original, for a closer look only", () => {
    expect(asked(photograph(), 3000, true)).toBe("original");
    expect(asked(photograph(), 3000, false)).toBe("renditions/2560?revision=1");
  });

  test("is the full rendition where there is one", () => {
    const { renditions } = photograph();
    const full = { size: "full" as const, width: 6000, height: 3000, bytes: 9, media_type: "image/png" as const };
    const image = photograph({ media_type: "image/tiff", renditions: [...renditions, full], revision: 2 });
    expect(asked(image, 3000, true)).toBe("renditions/full?revision=2");
    expect(asked(image, 3000, false)).toBe("renditions/2560?revision=2");
  });

  test("is the largest rendition of a file that no browser shows", () => {
    expect(asked(photograph({ media_type: "image/tiff" }), 3000, true)).toBe("renditions/2560?revision=1");
  });

  test("is nothing while there is nothing", () => {
    expect(sufficient(sourcesOf(photograph({ media_type: null, renditions: [] })), 100, true)).toBeUndefined();
  });

  test("has another address after a new revision", () => {
    expect(renditionAddress(photograph(), 320)).not.toBe(renditionAddress(photograph({ revision: 2 }), 320));
  });
});
