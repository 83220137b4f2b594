import { expect, it } from "vitest";
import { addressOf, type Filters, filtersIn, held, searchOf, without, withoutAll } from "./filters";

const A = "00000000-0000-4000-8000-00000000000a";
const B = "00000000-0000-4000-8000-00000000000b";
const FULL: Filters = {
  sort: "name",
  order: "descending",
  dates: "last_modified",
  since: "2026-03-01",
  until: "2026-03-31",
  tags_any: [A, B],
  tags_all: [A],
  entries: { least: 0, most: 0 },
  images: { least: 5 },
  sites: [B],
};

it("PAT-4: an address says what was chosen, and leads to it again", () => {
  expect(filtersIn(addressOf(FULL))).toEqual(FULL);
  expect(addressOf(filtersIn(new URLSearchParams())).toString()).toBe("");
  expect(addressOf({ ...withoutAll(FULL), order: "ascending" }).toString()).toBe("sort=name");
});

it("leaves out of an address what cannot be asked for", () => {
  const address = "sort=age&order=up&dates=x&since=soon&entries=7-2&images=-&tags_any=x,,&sites=1&text=Zinnober";
  expect(filtersIn(new URLSearchParams(address))).toEqual(filtersIn(new URLSearchParams()));
  expect(filtersIn(new URLSearchParams("since=2026-02-01&until=2026-01-01")).dates).toBeUndefined();
});

it("takes filters away one by one, and all at once", () => {
  expect(held(FULL)).toEqual(["dates", "tags_any", "tags_all", "entries", "images", "sites"]);
  for (const name of held(FULL)) {
    expect(held(without(FULL, name))).toEqual(held(FULL).filter((other) => other !== name));
  }
  expect(held(withoutAll(FULL))).toEqual([]);
});

it("asks for whole days, and for both ends of them", () => {
  const { dates, entries, text } = searchOf(FULL, "Zoë");
  expect(new Date(dates?.since ?? "")).toEqual(new Date(2026, 2, 1));
  expect(new Date(dates?.until ?? "")).toEqual(new Date(2026, 3, 1));
  expect([entries, text]).toEqual([{ least: 0, most: 0 }, "Zoë"]);
});
