import { beforeEach, expect, it, vi } from "vitest";
import { keep, kept, keptElsewhere } from "./kept";

const PLACE = "dermfolio.preferences";
const NOW = { user: "anna", chosen: { theme: "dark" }, unsent: { sidebar: "narrow" } } as const;

let places: Map<string, string>;
beforeEach(() => {
  places = new Map();
  vi.stubGlobal("localStorage", {
    getItem: (place: string) => places.get(place) ?? null,
    setItem: (place: string, text: string) => places.set(place, text),
  });
});

it("knows what it kept of its last user, and nothing of anybody else", () => {
  expect(kept("anna")).toBeNull();
  keep(NOW);
  expect(kept("anna")).toEqual(NOW);
  expect(kept("ben")).toBeNull();
  keep({ ...NOW, user: "ben" });
  expect(kept("anna")).toBeNull();
});

it("knows nothing where what is there cannot be read", () => {
  for (const text of ["", "{", "null", "7"]) {
    places.set(PLACE, text);
    expect(kept("anna")).toBeNull();
  }
});

it("hears what another tab keeps", () => {
  expect(keptElsewhere({ key: PLACE, newValue: JSON.stringify(NOW) })).toEqual(NOW);
  expect(keptElsewhere({ key: "another", newValue: JSON.stringify(NOW) })).toBeNull();
  expect(keptElsewhere({ key: PLACE, newValue: null })).toBeNull();
});
