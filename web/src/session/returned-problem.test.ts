import { expect, it } from "vitest";
import { returnedProblem } from "./returned-problem";

it("knows the code with which somebody came back from a provider", () => {
  expect(returnedProblem(new URLSearchParams("problem=no_access"))?.code).toBe("no_access");
});

it("takes nothing else for a code", () => {
  for (const query of ["", "problem=", "problem=%3Cb%3E", "problem=Call%20this%20number", `problem=${"x".repeat(41)}`])
    expect(returnedProblem(new URLSearchParams(query))).toBeNull();
});
