import { expect, it } from "vitest";
import { roleBySite, rolesAtSites, strongest } from "./roles";

it("shows the role that allows most of those that somebody holds", () => {
  expect(strongest(["viewer", "site_admin", "photographer"])).toBe("site_admin");
  expect(strongest(["photographer", "viewer"])).toBe("photographer");
  expect(strongest([])).toBeNull();
});

it("sends one role a site, and nothing for a site without one", () => {
  const held = roleBySite([{ site: "a", roles: ["viewer", "clinician"] }]);
  expect(held).toEqual({ a: "clinician" });
  expect(rolesAtSites({ ...held, b: null })).toEqual([{ site: "a", roles: ["clinician"] }]);
});
