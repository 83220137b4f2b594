import { expect, test } from "vitest";
import { formatBytes } from "./bytes";

/** Languages put various kinds of spaces before a unit. */
function plain(text: string): string {
  return text.replaceAll(/\s/gu, " ");
}

test.each([
  [0, "0 bytes", "0 octet"],
  [1, "1 byte", "1 octet"],
  [1023, "1,023 bytes", "1 023 octets"],
  [1024, "1 kB", "1 ko"],
  [1_572_864, "1.5 MB", "1,5 Mo"],
  [16 * 1024 * 1024, "16 MB", "16 Mo"],
  [150.4 * 1024 * 1024, "150 MB", "150 Mo"],
])("%i bytes are %s and %s", (bytes, english, french) => {
  expect(plain(formatBytes(bytes, "en"))).toBe(english);
  expect(plain(formatBytes(bytes, "fr"))).toBe(french);
});
