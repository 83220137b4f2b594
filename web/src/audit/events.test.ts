import { readFileSync } from "node:fs";
import i18next from "i18next";
import { beforeAll, expect, it } from "vitest";
import { askedBy, EVENTS, eventInWords, kindInWords, reasonInWords, shortId } from "./events";
import words from "./words/en.json";

const FACTS = new URL("../../../libs/contracts/asyncapi.json", import.meta.url);

beforeAll(async () => {
  await i18next.init({ lng: "en", resources: { en: { audit: words } } });
});

it("has words for every fact of every service", () => {
  const { channels } = JSON.parse(readFileSync(FACTS, "utf8")) as { channels: Record<string, unknown> };
  const facts = Object.keys(channels).flatMap((subject) => (subject.startsWith("evt.") ? [subject.slice(4)] : []));
  const known = new Set(EVENTS.flatMap(({ events }) => events));
  expect(facts.length).toBeGreaterThan(40);
  expect(facts.filter((fact) => !known.has(fact))).toEqual([]);
});

it("says what happened in words, and a newer server's event by its code", () => {
  expect(eventInWords("images.original_downloaded")).toBe("Downloaded an original");
  expect(eventInWords("images.of_a_newer_server")).toBe("images.of_a_newer_server");
  expect(kindInWords("image")).toBe("Photograph");
  expect(kindInWords("hologram")).toBe("hologram");
});

it("says why something was refused, and nothing of what was done", () => {
  expect(reasonInWords({ outcome: "denied", detail: { code: "forbidden" } })).toBe("The role does not allow it.");
  expect(reasonInWords({ outcome: "denied", detail: { code: "of_a_newer_server" } })).toBe("of_a_newer_server");
  expect(reasonInWords({ outcome: "failure", detail: {} })).toBeNull();
  expect(reasonInWords({ outcome: "success", detail: { code: "forbidden" } })).toBeNull();
});

it("shortens ids and nothing else", () => {
  expect(shortId("3f1c9a52-77aa-4c0e-9a37-0b8f7d1c2e4a")).toBe("3f1c9a52");
  expect(shortId("rpc.images.get")).toBe("rpc.images.get");
});

it("knows who had asked for what the system did later", () => {
  expect(askedBy({ detail: { moved_by: "somebody", source: "here" } })).toBe("somebody");
  expect(askedBy({ detail: {} })).toBe(null);
});
