import type { Role, SessionView } from "../api/schema";

const CONTRIBUTES: ReadonlySet<Role> = new Set(["photographer", "clinician", "site_admin"]);

// what one may do (ORG-1). The server decides; this only asks less.

/** Whether the user may create patients and upload photographs at a site. */
export function mayContribute(site: SessionView["sites"][number] | undefined): boolean {
  return site?.roles.some((role) => CONTRIBUTES.has(role)) ?? false;
}

/** Whether the user may create and change entries at a site. */
export function mayTreat(site: SessionView["sites"][number] | undefined): boolean {
  return site?.roles.some((role) => role === "clinician" || role === "site_admin") ?? false;
}

/** Whether the user sees patients: those of the sites where a role is held. */
export function seesPatients(session: SessionView): boolean {
  return session.sites.length > 0;
}

/** Whether there is a site where the user may create patients. */
export function mayCreatePatients(session: SessionView): boolean {
  return session.sites.some(mayContribute);
}

/** Whether the user may share the patients of a site with others. */
export function mayShare(site: SessionView["sites"][number] | undefined): boolean {
  return site?.roles.includes("site_admin") ?? false;
}

/** Whether there is a site that the user administers. */
export function administersSite(session: SessionView): boolean {
  return session.sites.some(mayShare);
}

/** Whether the user may open patients of other sites in an emergency. */
export function mayBreakGlass(session: SessionView): boolean {
  return session.sites.some(mayTreat);
}

/** Whether the user manages every site and every user. */
export function managesInstallation(session: SessionView): boolean {
  return session.installation_roles.includes("admin");
}

/** Whether the user manages a site: its users, their roles there, its settings. */
export function managesSite(session: SessionView, site: string): boolean {
  const manages = session.sites.some((held) => held.site === site && held.roles.includes("site_admin"));
  return manages || managesInstallation(session);
}

/** Whether there is anything that the user manages. */
export function managesSomething(session: SessionView): boolean {
  return managesInstallation(session) || administersSite(session);
}

/** Whether the user reads the whole audit trail, and may have it verified. */
export function readsWholeTrail(session: SessionView): boolean {
  return session.installation_roles.length > 0;
}

/** Whether the user reads the audit trail: the whole of it, or that of the sites that one administers. */
export function readsTrail(session: SessionView): boolean {
  return readsWholeTrail(session) || managesSomething(session);
}

/** Whether the user reads who did what with the patients of a site. */
export function readsActivity(session: SessionView, home: SessionView["sites"][number] | undefined): boolean {
  return mayTreat(home) || readsWholeTrail(session);
}

type Rights = Pick<SessionView, "sites" | "installation_roles">;

/** Whether the same may be done as before. */
export function sameRights(before: Rights, now: Rights): boolean {
  const told = ({ sites, installation_roles }: Rights) =>
    JSON.stringify([sites.map(({ site, roles }) => [site, roles.toSorted()]).sort(), installation_roles.toSorted()]);
  return told(before) === told(now);
}

/** Whether there is a site that was one's own before and is not any more. */
export function lostSite(before: Rights, now: Rights): boolean {
  return before.sites.some(({ site }) => !now.sites.some((held) => held.site === site));
}
