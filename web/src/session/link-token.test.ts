import { afterEach, expect, it, vi } from "vitest";
import { takeLinkToken } from "./link-token";

afterEach(() => vi.unstubAllGlobals());

function openedAt(hash: string) {
  const replaceState = vi.fn();
  vi.stubGlobal("location", { hash, pathname: "/welcome" });
  vi.stubGlobal("history", { state: { idx: 0 }, replaceState });
  return replaceState;
}

it("takes the token of a link and leaves none in the address", () => {
  const token = "x".repeat(43);
  const replaced = openedAt(`#${token}`);
  expect(takeLinkToken()).toBe(token);
  expect(replaced).toHaveBeenCalledExactlyOnceWith({ idx: 0 }, "", "/welcome");
});

it("takes nothing that is no token, and leaves that in no address either", () => {
  const replaced = openedAt("#cut off");
  expect(takeLinkToken()).toBeNull();
  expect(replaced).toHaveBeenCalledOnce();
});

it("leaves an address without a fragment alone", () => {
  const replaced = openedAt("");
  expect(takeLinkToken()).toBeNull();
  expect(replaced).not.toHaveBeenCalled();
});
