import i18next from "i18next";
import { beforeAll, expect, it } from "vitest";
import type { HistoryRecord } from "../api/schema";
import { outcomeOf, reasonOf, titleOf } from "./history";
import type { Words } from "./words";
import en from "./words/en.json";

let t: Words;

beforeAll(async () => {
  await i18next.init({ lng: "en", resources: { en: { account: en } } });
  t = i18next.getFixedT("en", ["account", "translation"]);
});

function record(about: Partial<HistoryRecord>): HistoryRecord {
  return {
    position: 1,
    at: "2026-11-22T12:00:00Z",
    event: "identity.session_opened",
    outcome: "success",
    code: null,
    by: "oneself",
    administrator: null,
    address: null,
    user_agent: null,
    site: null,
    roles: null,
    ...about,
  };
}

it("says what happened, and why something was refused", () => {
  expect(titleOf(record({}), t)).toBe("Signed in");
  const refused = record({ event: "identity.sign_in_refused", outcome: "denied", code: "sign_in_failed" });
  expect(titleOf(refused, t)).toBe("Sign-in refused");
  expect(outcomeOf(refused)).toBe("refused");
  expect(reasonOf(refused)).toBe("The password was not accepted.");
});

it("does not call it refused when a code has to follow", () => {
  const asked = record({ event: "identity.sign_in_refused", outcome: "denied", code: "second_factor_required" });
  expect(titleOf(asked, t)).toBe("Password accepted, code asked for");
  expect(outcomeOf(asked)).toBe("goesOn");
  expect(reasonOf(asked)).toBeNull();
});

it("gives no reason where none is known", () => {
  expect(reasonOf(record({ outcome: "failure" }))).toBeNull();
  expect(reasonOf(record({ outcome: "denied", code: "of_a_newer_server" }))).toBeNull();
  expect(reasonOf(record({ code: "forbidden" }))).toBeNull();
});

it("has words for what a newer server tells of", () => {
  const unknown = "identity.of_a_newer_server" as HistoryRecord["event"];
  expect(titleOf(record({ event: unknown }), t)).toBe("Something else concerning your account");
});
