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
    caption: "",
    caption_version: 0,
    effective_at: "2025-03-12T10:00:00Z",
    date_version: 0,
    place: "",
    rotation: 0,
    rotating: false,
    thumbhash: null,
    entries: [],
    moving: false,
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
    [320.4, "renditions/320?revision=1"],
    [330, "renditions/1280?revision=1"],
    [1280, "renditions/1280?revision=1"],
    [1500, "renditions/2560?revision=1"],
    [2560, "renditions/2560?revision=1"],
  ])("for %i pixels is the smallest sufficient rendition", (needed, address) => {
    expect(asked(photograph(), needed, false)).toBe(address);
    expect(asked(photograph(), needed, true)).toBe(address);
  });

  test("as a whole may be two per cent short, but not for a closer look", () => {
    expect(asked(photograph(), 1290, false)).toBe("renditions/1280?revision=1");
    expect(asked(photograph(), 1290, true)).toBe("renditions/2560?revision=1");
    expect(asked(photograph(), 2600, true)).toBe("original");
  });

  test("from 1 : 1 on is the original, even if a rendition has as many pixels", () => {
    const renditions = photograph().renditions.map((r) => (r.size === 2560 ? { ...r, width: 2000, height: 1000 } : r));
    const image = photograph({ width: 2000, height: 1000, renditions });
    expect(asked(image, 1990, true)).toBe("renditions/2560?revision=1");
    expect(asked(image, 2000, true)).toBe("original");
    expect(asked(image, 2000, false)).toBe("renditions/2560?revision=1");
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

  test.each([90, 180, 270] as const)("of a JPEG turned by %i° is the file that stands so", (rotation) => {
    const image = photograph({ rotation, revision: 3 });
    expect(asked(image, 6000, true)).toBe("original?rotated=true&revision=3");
    expect(asked(image, 2560, false)).toBe("renditions/2560?revision=3");
  });

  test("of another format, once turned, is all its pixels turned, or else the largest rendition", () => {
    const { renditions } = photograph();
    const full = { size: "full" as const, width: 6000, height: 3000, bytes: 9, media_type: "image/png" as const };
    const facts = { media_type: "image/png", rotation: 90 as const, revision: 2 };
    expect(asked(photograph({ ...facts, renditions: [...renditions, full] }), 6000, true)).toBe(
      "renditions/full?revision=2",
    );
    expect(asked(photograph(facts), 6000, true)).toBe("renditions/2560?revision=2");
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
