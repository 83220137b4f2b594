import { expect, it } from "vitest";
import { addressOf, changed, filtersIn, isAddress, isId, isObjectId, ofInput, queryOf, toInput } from "./filters";

const NOW = new Date(2026, 10, 22, 15, 30);
const USER = "3f1c9a52-77aa-4c0e-9a37-0b8f7d1c2e4a";

it("says in the address what is looked for, and reads it back", () => {
  const filters = { outcome: "denied", when: "week", user: USER };
  expect(addressOf(filters).toString()).toBe(`when=week&outcome=denied&user=${USER}`);
  expect(filtersIn(addressOf(filters))).toEqual(filters);
});

it("takes nothing else out of an address", () => {
  expect(filtersIn(new URLSearchParams("text=Berg&site=&event=images.viewed"))).toEqual({ event: "images.viewed" });
});

it("keeps a period that ends now apart from one with two ends", () => {
  const custom = changed({ when: "today", outcome: "denied" }, { since: "2026-03-01T08:00:00.000Z" });
  expect(custom).toEqual({ outcome: "denied", since: "2026-03-01T08:00:00.000Z" });
  expect(changed(custom, { when: "month" })).toEqual({ outcome: "denied", when: "month" });
});

it("removes a filter that is emptied", () => {
  expect(changed({ outcome: "denied", user: USER }, { outcome: "" })).toEqual({ user: USER });
});

it("begins a period at midnight where the user is, today being its last day", () => {
  expect(queryOf({ when: "today" }, NOW)).toEqual({ since: new Date(2026, 10, 22).toISOString() });
  expect(queryOf({ when: "week" }, NOW)).toEqual({ since: new Date(2026, 10, 16).toISOString() });
  expect(queryOf({ when: "month", user: USER }, NOW)).toEqual({
    user: USER,
    since: new Date(2026, 9, 24).toISOString(),
  });
});

it("asks for the same at any time of a day, so that a page follows the page before", () => {
  expect(queryOf({ when: "week" }, new Date(2026, 10, 22, 23, 59))).toEqual(queryOf({ when: "week" }, NOW));
});

it("knows an id from a name", () => {
  expect(isId(USER)).toBe(true);
  expect(isId("Anna Berg")).toBe(false);
});

it("knows what something can have been done to, and from where", () => {
  expect([USER, "rpc.images.get", "patients"].map(isObjectId)).toEqual([true, true, true]);
  expect(["installation", "Anna Berg", ""].map(isObjectId)).toEqual([false, false, false]);
  expect(["192.0.2.7", "2001:db8::1", "clinic.example"].map(isAddress)).toEqual([true, true, false]);
});

it("shows an instant in an input as it is where the user is, and takes it back", () => {
  const instant = new Date(2026, 2, 1, 8, 5).toISOString();
  expect(toInput(instant)).toBe("2026-03-01T08:05");
  expect(ofInput("2026-03-01T08:05")).toBe(instant);
  expect([toInput(undefined), toInput("yesterday"), ofInput("")]).toEqual(["", "", ""]);
});
