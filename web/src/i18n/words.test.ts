import { expect, it } from "vitest";
import auditEn from "../audit/words/en.json";
import auditFr from "../audit/words/fr.json";
import databaseEn from "../database/words/en.json";
import databaseFr from "../database/words/fr.json";
import entriesEn from "../entries/words/en.json";
import entriesFr from "../entries/words/fr.json";
import tagsEn from "../tags/words/en.json";
import tagsFr from "../tags/words/fr.json";
import en from "./en.json";
import fr from "./fr.json";

const FORM = /_(zero|one|many|other)$/;

function keys(words: object, path = ""): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === "string" ? [`${path}${key}`.replace(FORM, "")] : keys(value, `${path}${key}.`),
  );
}

it.each([
  ["the interface", en, fr],
  ["the audit trail", auditEn, auditFr],
  ["tags", tagsEn, tagsFr],
  ["entries", entriesEn, entriesFr],
  ["the Patient Database", databaseEn, databaseFr],
  ["entries", entriesEn, entriesFr],
  ["tags", tagsEn, tagsFr],
])("says in French whatever it says in English of %s", (_, english, french) => {
  expect([...new Set(keys(english))].filter((key) => !keys(french).includes(key))).toEqual([]);
});

it("says nothing in French alone but the server's sentences, which are English themselves", () => {
  expect(keys(fr).filter((key) => !keys(en).includes(key) && !key.startsWith("problems."))).toEqual([]);
});

it.each([
  ["the audit trail", auditEn, auditFr],
  ["the Patient Database", databaseEn, databaseFr],
  ["entries", entriesEn, entriesFr],
])("says nothing of %s in French alone", (_, english, french) => {
  expect(keys(french).filter((key) => !keys(english).includes(key))).toEqual([]);
});
