import { describe, expect, it } from "vitest";
import { faultsByField } from "../api/problem";
import { EMPTY, sent, UNIQUE_ID } from "./form";

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
