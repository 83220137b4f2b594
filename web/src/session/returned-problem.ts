import { Problem } from "../api/problem";

/** The problem with which somebody came back from a provider: `?problem=` and a code. Null when there is none. */
export function returnedProblem(parameters: URLSearchParams): Problem | null {
  const code = parameters.get("problem");
  if (code === null || !/^[a-z_]{1,40}$/.test(code)) return null;
  return new Problem({ code, status: 0, title: "Sign-in", detail: "" });
}
