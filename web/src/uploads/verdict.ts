import type { Problem } from "../api/problem";

/**
 * What a problem means for the upload that met it. `session`: nothing goes on until somebody signs in; `system`: no
 * upload would fare better now; `later`: this one may, a little later; `refused`: it will not be taken.
 */
export type Verdict = "session" | "system" | "later" | "refused";

const SESSION = new Set(["not_signed_in", "csrf_failed", "password_change_required"]);
/** Request timeout, too many requests, and what gateways say of a server that they do not reach. */
const SYSTEM = new Set([408, 429, 502, 503, 504]);

/** What to do after a problem. */
export function verdict(problem: Problem): Verdict {
  if (SESSION.has(problem.code)) return "session";
  if (problem.code === "unreachable" || SYSTEM.has(problem.status)) return "system";
  if (problem.status >= 500 || problem.code === "upload_incomplete") return "later";
  return "refused";
}
