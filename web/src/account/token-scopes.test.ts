import { expect, it } from "vitest";
import type { Role, SessionView } from "../api/schema";
import { needSite, scopesFor, wordsOf } from "./token-scopes";
import en from "./words/en.json";

function holding(roles: Role[], installation_roles: Role[] = []): SessionView {
  return { sites: [{ site: "a", name: "A", time_zone: "UTC", roles }], installation_roles } as unknown as SessionView;
}

it("offers what the user may do, and nothing more", () => {
  expect(scopesFor(holding(["viewer"]))).toEqual(["patient:read", "image:read", "entry:read"]);
  expect(scopesFor(holding(["clinician"]))).toEqual([
    "patient:read",
    "patient:create",
    "patient:write",
    "image:read",
    "image:write",
    "image:move",
    "consent:write",
    "entry:read",
    "entry:write",
    "tag:assign",
    "trail_of_patient:read",
  ]);
  expect(scopesFor(holding([], ["auditor"]))).toEqual(["trail:read", "trail:verify"]);
});

it("asks for a site where records are concerned, not for the trail", () => {
  expect(needSite(["trail:read", "image:read"])).toBe(true);
  expect(needSite(["trail:read", "trail:verify"])).toBe(false);
});

it("has words for every scope", () => {
  const offered = scopesFor(holding(["site_admin"], ["admin"]));
  expect(offered).toHaveLength(13);
  const words = Object.keys(en.tokens.scopes).map((scope) => `tokens.scopes.${scope}`);
  expect(offered.map(wordsOf).toSorted()).toEqual(words.toSorted());
});
