import type { SessionView } from "../api/schema";

const CONTRIBUTES: ReadonlySet<string> = new Set(["photographer", "clinician", "site_admin"]);

/** Whether the user may create patients and upload photographs at a site (ORG-1). The server decides; this only asks less. */
export function mayContribute(site: SessionView["sites"][number] | undefined): boolean {
  return site?.roles.some((role) => CONTRIBUTES.has(role)) ?? false;
}
