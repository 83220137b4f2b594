import i18next from "i18next";
import { beforeAll, expect, it } from "vitest";
import { formatAgo } from "./dates";

const NOW = new Date("2026-11-22T12:00:00Z");

beforeAll(async () => {
  await i18next.init({ lng: "en", resources: {} });
});

it.each([
  ["2026-11-22T12:00:00Z", "now"],
  ["2026-11-22T12:00:02Z", "now"],
  ["2026-11-22T11:59:01Z", "now"],
  ["2026-11-22T11:59:00Z", "1 minute ago"],
  ["2026-11-22T10:01:00Z", "1 hour ago"],
  ["2026-11-21T11:00:00Z", "yesterday"],
  ["2026-11-10T12:00:00Z", "12 days ago"],
  ["2026-10-20T12:00:00Z", "last month"],
  ["2023-11-22T12:00:00Z", "3 years ago"],
])("says how long ago %s was: %s", (instant, words) => {
  expect(formatAgo(instant, NOW)).toBe(words);
});

it("says it in the user's language", async () => {
  await i18next.changeLanguage("fr");
  expect(formatAgo("2026-11-22T11:57:00Z", NOW)).toBe("il y a 3 minutes");
});
