import { Problem } from "./problem";

/** The header that makes a change only to the version that was seen. */
export function ifMatch(version: number): { "If-Match": string } {
  return { "If-Match": `"${version}"` };
}

/** Whether a change was not made because somebody else had changed the same thing before. */
export function isStale(error: unknown): boolean {
  return error instanceof Problem && error.code === "stale_version";
}
