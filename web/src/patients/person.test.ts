import { describe, expect, it } from "vitest";
import { ageOn, hueOf, initials, shownName } from "./person";

const nobody = { unique_id: "anna-1", first_name: null, last_name: null, preferred_name: null };

describe("a patient on the screen", () => {
  it("is called by the preferred name, else the first, and by the unique ID without a name", () => {
    expect(shownName({ ...nobody, first_name: "Anna", last_name: "Berg", preferred_name: "Ännchen" })).toBe(
      "Ännchen Berg",
    );
    expect(shownName({ ...nobody, first_name: "Anna", last_name: "Berg" })).toBe("Anna Berg");
    expect(shownName(nobody)).toBe("anna-1");
  });

  it("is a year older from the birthday on", () => {
    expect(ageOn("2026-11-21", "1980-11-22")).toBe(45);
    expect(ageOn("2026-11-22", "1980-11-22")).toBe(46);
    expect(ageOn("2026-03-01", "2004-02-29")).toBe(22);
    expect(ageOn("2026-11-22", null)).toBeNull();
  });

  it("has initials whatever the script", () => {
    expect(initials({ ...nobody, first_name: "Anna", last_name: "van den Berg" })).toBe("AB");
    expect(initials({ ...nobody, first_name: "李", last_name: "𠮷野" })).toBe("李𠮷");
    expect(initials(nobody)).toBe("A1");
  });

  it("has a hue of its own", () => {
    expect(hueOf("00000000-0000-4000-8000-000000000001")).not.toBe(hueOf("00000000-0000-4000-8000-000000000002"));
    expect(hueOf("ffffffff-ffff-4fff-8fff-ffffffffffff")).toBeLessThan(360);
  });
});
