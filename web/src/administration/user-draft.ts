import type { UserView } from "../api/schema";
import { INSTALLATION_ROLES, type InstallationRole, type RoleBySite, roleBySite, type SiteRole } from "./roles";
import { rename, setInstallationRoles, setRole } from "./users";

const AT = "at:";

/** A user as a form of single fields: the name, a role for each site, yes or no for each installation-wide role. */
export interface UserFields extends Record<InstallationRole, boolean> {
  name: string;
  [site: `at:${string}`]: SiteRole | null | undefined;
}

export function fieldOf(site: string): `at:${string}` {
  return `${AT}${site}`;
}

/** The fields of a user as the server knows them. */
export function fieldsOf(user: UserView): UserFields {
  const held = Object.entries(roleBySite(user.sites)).map(([site, role]) => [fieldOf(site), role]);
  return {
    name: user.display_name,
    admin: user.installation_roles.includes("admin"),
    auditor: user.installation_roles.includes("auditor"),
    ...Object.fromEntries(held),
  };
}

/** The role at each site, out of the fields. */
export function heldBy(fields: Partial<UserFields>): RoleBySite {
  const held = Object.entries(fields).filter(([field]) => field.startsWith(AT));
  return Object.fromEntries(held.map(([field, role]) => [field.slice(AT.length), (role ?? null) as SiteRole | null]));
}

/** The roles in the installation, out of the fields. */
export function wideOf(fields: UserFields): InstallationRole[] {
  return INSTALLATION_ROLES.filter((role) => fields[role]);
}

/** Save the changes one after the other, each upon the version that the one before made. */
export async function saveUser(user: UserView, fields: UserFields, changes: Partial<UserFields>): Promise<UserView> {
  let now = user;
  if (changes.name !== undefined) now = await rename(now, changes.name);
  for (const [site, role] of Object.entries(heldBy(changes))) now = await setRole(now, site, role);
  if (INSTALLATION_ROLES.some((role) => role in changes)) now = await setInstallationRoles(now, wideOf(fields));
  return now;
}
