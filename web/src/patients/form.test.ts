import { describe, expect, it } from "vitest";
import { faultsByField } from "../api/problem";
import type { PatientView } from "../api/schema";
import { changed, EMPTY, sent, typedOf, UNIQUE_ID } from "./form";

describe("what is sent of a patient", () => {
  it("is the unique ID alone when nothing else was typed", () => {
    expect(sent({ ...EMPTY, unique_id: "anna-1" })).toEqual({ unique_id: "anna-1", record_numbers: [] });
  });

  it("leaves out what is blank, and record numbers without a word", () => {
    const typed = { ...EMPTY, unique_id: "anna-1", last_name: "  ", first_name: "Anna" };
    const record_numbers = [
      { system: "", number: " " },
      { system: "hospital", number: "7" },
    ];
    expect(sent({ ...typed, record_numbers })).toEqual({
      unique_id: "anna-1",
      first_name: "Anna",
      record_numbers: [{ system: "hospital", number: "7" }],
    });
  });
});

it("takes unique IDs of 2 to 32 letters, digits, _ and -", () => {
  for (const good of ["a1", "ANNA_1", "x".repeat(32)]) expect(good).toMatch(UNIQUE_ID);
  for (const bad of ["a", "anna 1", "änna", "x".repeat(33), ""]) expect(bad).not.toMatch(UNIQUE_ID);
});

it("puts the server's faults beside their fields", () => {
  const faults = [{ loc: "body.record_numbers.0.system", msg: "is needed" }];
  expect(faultsByField(faults)).toEqual({ "record_numbers.0.system": "is needed" });
});

describe("changed details of a patient", () => {
  it("take away what was emptied and say nothing of the rest", () => {
    const record_numbers = [
      { system: "", number: "" },
      { system: "KIS", number: "7" },
    ];
    expect(changed({ notes: " ", sex: null, last_name: "Berg", record_numbers })).toEqual({
      notes: null,
      sex: null,
      last_name: "Berg",
      record_numbers: [{ system: "KIS", number: "7" }],
    });
  });

  it("are typed over empty fields where nothing is known", () => {
    const patient = { unique_id: "anna-1", site: "s", first_name: null, sex: "female", image_count: 3 };
    const known = { unique_id: "anna-1", site: "s", sex: "female" };
    expect(typedOf(patient as unknown as PatientView)).toEqual({ ...EMPTY, ...known });
  });
});
