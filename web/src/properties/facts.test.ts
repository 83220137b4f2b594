import { describe, expect, test } from "vitest";
import { cameraName, checksumGroups, formatExposure, formatMegapixels, formatName } from "./facts";

test.each([
  ["image/jpeg", "JPEG"],
  ["image/webp", "WebP"],
  ["image/new", "image/new"],
  [null, null],
])("the format of %s is %s", (mediaType, name) => {
  expect(formatName(mediaType)).toBe(name);
});

test.each([
  [6000, 4000, "24"],
  [4032, 3024, "12.2"],
  [640, 480, "0.31"],
  [64, 48, "0.0031"],
])("%i × %i are %s megapixels", (width, height, megapixels) => {
  expect(formatMegapixels(width, height, "en")).toBe(megapixels);
});

describe("an exposure", () => {
  test.each([
    [1 / 125, "1/125 s"],
    [0.008, "1/125 s"],
    [1 / 8000, "1/8000 s"],
    [0.25, "1/4 s"],
    [0.5, "0.5 s"],
    [1, "1 s"],
    [2.5, "2.5 s"],
    [30, "30 s"],
  ])("of %d seconds is %s", (seconds, text) => {
    expect(formatExposure(seconds, "en")).toBe(text);
  });

  test("has the language's decimals", () => {
    expect(formatExposure(2.5, "fr")).toBe("2,5 s");
  });
});

test.each([
  ["Canon", "Canon EOS R5", "Canon EOS R5"],
  ["NIKON CORPORATION", "NIKON Z 6", "NIKON CORPORATION NIKON Z 6"],
  ["Apple", "iPhone 15 Pro", "Apple iPhone 15 Pro"],
  ["FotoFinder", null, "FotoFinder"],
  [null, "DermLite", "DermLite"],
  [" ", null, null],
  [null, null, null],
])("a camera by %s called %s is %s", (camera_make, camera_model, name) => {
  expect(cameraName({ camera_make, camera_model })).toBe(name);
});

test("a checksum is read in eight groups, and nothing of it is lost", () => {
  const sha256 = "0123456789abcdef".repeat(4);
  expect(checksumGroups(sha256)).toHaveLength(8);
  expect(checksumGroups(sha256).join("")).toBe(sha256);
});
