import { expect, it } from "vitest";
import type { Role, SessionView } from "../api/schema";
import { lostSite, managesInstallation, managesSite, managesSomething, mayContribute, sameRights } from "./may";

function holding(here: Role[], everywhere: Role[] = []): SessionView {
  return {
    user: "u",
    login: "anna",
    display_name: "Anna",
    csrf_token: "",
    expires_at: "2026-03-02T00:00:00Z",
    password_change_required: false,
    installation_roles: everywhere,
    sites: [{ site: "here", name: "Here", time_zone: "UTC", roles: here }],
  };
}

it("shows administration to who manages a site or the installation, and to nobody else", () => {
  for (const role of ["viewer", "photographer", "clinician"] as const) {
    expect(managesSomething(holding([role]))).toBe(false);
  }
  expect(managesSomething(holding([], ["auditor"]))).toBe(false);
  expect(managesSomething(holding(["site_admin"]))).toBe(true);
  expect(managesSomething(holding([], ["admin"]))).toBe(true);
});

it("lets a site administrator manage that site alone, and an administrator every one", () => {
  expect(managesSite(holding(["site_admin"]), "here")).toBe(true);
  expect(managesSite(holding(["site_admin"]), "there")).toBe(false);
  expect(managesInstallation(holding(["site_admin"]))).toBe(false);
  expect(managesSite(holding([], ["admin"]), "there")).toBe(true);
});

it("offers uploads to who works at the site, and not to an administrator without a role there", () => {
  expect(mayContribute(holding(["photographer"]).sites[0])).toBe(true);
  expect(mayContribute(holding(["viewer"], ["admin"]).sites[0])).toBe(false);
  expect(mayContribute(undefined)).toBe(false);
});

it("tells rights that changed from the same in another order, and a lost site from a lesser role", () => {
  const before = holding(["viewer", "clinician"], ["auditor"]);
  expect(sameRights(before, holding(["clinician", "viewer"], ["auditor"]))).toBe(true);
  expect(sameRights(before, holding(["viewer"], ["auditor"]))).toBe(false);
  expect(sameRights(before, holding(["clinician", "viewer"]))).toBe(false);
  expect(lostSite(before, holding(["viewer"]))).toBe(false);
  expect(lostSite(before, { ...before, sites: [] })).toBe(true);
});
