import { expect, it } from "vitest";
import en from "./en.json";
import fr from "./fr.json";

const FORM = /_(zero|one|many|other)$/;

function keys(words: object, path = ""): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === "string" ? [`${path}${key}`.replace(FORM, "")] : keys(value, `${path}${key}.`),
  );
}

it("says in French whatever it says in English", () => {
  expect([...new Set(keys(en))].filter((key) => !keys(fr).includes(key))).toEqual([]);
});

it("says nothing in French alone but the server's sentences, which are English themselves", () => {
  expect(keys(fr).filter((key) => !keys(en).includes(key) && !key.startsWith("problems."))).toEqual([]);
});
