import type { Role, RolesAtSite, UserView } from "../api/schema";

export type SiteRole = RolesAtSite["roles"][number];
export type InstallationRole = UserView["installation_roles"][number];

/** ORG-1: each of these may do what the one before it may, and more. */
export const SITE_ROLES: readonly SiteRole[] = ["viewer", "photographer", "clinician", "site_admin"];
export const INSTALLATION_ROLES: readonly InstallationRole[] = ["admin", "auditor"];

/** The role that says what somebody may do who holds all of these; null for none. */
export function strongest(roles: readonly Role[]): SiteRole | null {
  return SITE_ROLES.findLast((role) => roles.includes(role)) ?? null;
}

/** Sites and the role held there, null for none, by the site's id. */
export type RoleBySite = Record<string, SiteRole | null>;

/** What somebody holds, site by site. */
export function roleBySite(sites: readonly RolesAtSite[]): RoleBySite {
  return Object.fromEntries(sites.map(({ site, roles }) => [site, strongest(roles)]));
}

/** The same as it is sent: nothing for sites without a role. */
export function rolesAtSites(held: RoleBySite): RolesAtSite[] {
  return Object.entries(held).flatMap(([site, role]) => (role === null ? [] : [{ site, roles: [role] }]));
}
