import { beforeEach, expect, it, vi } from "vitest";
import type { UserView } from "../api/schema";
import { fieldsOf, heldBy, saveUser, type UserFields, wideOf } from "./user-draft";
import { rename, setInstallationRoles, setRole } from "./users";

vi.mock("./users", () => {
  const next = (user: UserView) => Promise.resolve({ ...user, version: user.version + 1 });
  return { rename: vi.fn(next), setRole: vi.fn(next), setInstallationRoles: vi.fn(next) };
});
beforeEach(() => vi.clearAllMocks());

const USER: UserView = {
  id: "u",
  login: "anna",
  display_name: "Anna",
  state: "active",
  sites: [{ site: "a", roles: ["viewer"] }],
  installation_roles: ["auditor"],
  created_at: "2026-03-02T00:00:00Z",
  last_sign_in_at: null,
  version: 3,
};

it("lays a user out in single fields, and reads roles back out of them", () => {
  const fields = fieldsOf(USER);
  expect(fields).toEqual({ name: "Anna", admin: false, auditor: true, "at:a": "viewer" });
  expect(heldBy(fields)).toEqual({ a: "viewer" });
  expect(wideOf({ ...fields, admin: true })).toEqual(["admin", "auditor"]);
});

it("saves only what was changed, each upon the version that the change before made", async () => {
  const changes: Partial<UserFields> = { name: "Anna Berg", "at:a": null, "at:b": "clinician" };
  const saved = await saveUser(USER, { ...fieldsOf(USER), ...changes }, changes);
  expect(vi.mocked(rename).mock.calls.map(([user, name]) => [user.version, name])).toEqual([[3, "Anna Berg"]]);
  expect(vi.mocked(setRole).mock.calls.map(([user, site, role]) => [user.version, site, role])).toEqual([
    [4, "a", null],
    [5, "b", "clinician"],
  ]);
  expect(setInstallationRoles).not.toHaveBeenCalled();
  expect(saved.version).toBe(6);
});

it("stops at what is refused", async () => {
  vi.mocked(rename).mockRejectedValueOnce(new Error("stale"));
  const changes = { name: "Anna Berg", admin: true };
  await expect(saveUser(USER, { ...fieldsOf(USER), ...changes }, changes)).rejects.toThrow("stale");
  expect(setInstallationRoles).not.toHaveBeenCalled();
});
