import type { NewToken, Role, SessionView } from "../api/schema";

export type Scope = NewToken["scopes"][number];

const SEES: readonly Role[] = ["viewer", "photographer", "clinician", "site_admin"];
const WORKS: readonly Role[] = ["photographer", "clinician", "site_admin"];
const TREATS: readonly Role[] = ["clinician", "site_admin"];

/** Who can pass a scope on to a token (ORG-1). The server decides; a token never does more than its user may. */
const GRANTS: Record<Scope, readonly Role[]> = {
  "patient:read": SEES,
  "patient:create": WORKS,
  "patient:write": WORKS,
  "image:read": SEES,
  "image:write": WORKS,
  "image:move": TREATS,
  "consent:write": TREATS,
  "entry:read": SEES,
  "entry:write": TREATS,
  "tag:assign": WORKS,
  "trail_of_patient:read": TREATS,
  "trail:read": ["site_admin", "admin", "auditor"],
  "trail:verify": ["admin", "auditor"],
};

/** The scopes that mean anything for this user. */
export function scopesFor({ sites, installation_roles }: SessionView): Scope[] {
  const held = new Set([...sites.flatMap(({ roles }) => roles), ...installation_roles]);
  return (Object.keys(GRANTS) as Scope[]).filter((scope) => GRANTS[scope].some((role) => held.has(role)));
}

/** Whether the scopes mean nothing without a site. */
export function needSite(scopes: readonly string[]): boolean {
  return scopes.some((scope) => !scope.startsWith("trail:"));
}

/** The key of a scope's words: a colon would separate namespaces. */
export function wordsOf(scope: string) {
  return `tokens.scopes.${scope.replace(":", "_") as "image_read"}` as const;
}
