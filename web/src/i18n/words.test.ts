import { expect, it } from "vitest";
import accountEn from "../account/words/en.json";
import accountFr from "../account/words/fr.json";
import administrationEn from "../administration/words/en.json";
import administrationFr from "../administration/words/fr.json";
import auditEn from "../audit/words/en.json";
import auditFr from "../audit/words/fr.json";
import consentEn from "../consent/words/en.json";
import consentFr from "../consent/words/fr.json";
import databaseEn from "../database/words/en.json";
import databaseFr from "../database/words/fr.json";
import detailsEn from "../details/words/en.json";
import detailsFr from "../details/words/fr.json";
import entriesEn from "../entries/words/en.json";
import entriesFr from "../entries/words/fr.json";
import notesEn from "../notes/words/en.json";
import notesFr from "../notes/words/fr.json";
import poolEn from "../pool/words/en.json";
import poolFr from "../pool/words/fr.json";
import presenceEn from "../presence/words/en.json";
import presenceFr from "../presence/words/fr.json";
import savingEn from "../saving/words/en.json";
import savingFr from "../saving/words/fr.json";
import shortcutsEn from "../shortcuts/words/en.json";
import shortcutsFr from "../shortcuts/words/fr.json";
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

const PARTS = [
  ["one's own account", accountEn, accountFr],
  ["administration", administrationEn, administrationFr],
  ["the audit trail", auditEn, auditFr],
  ["consent", consentEn, consentFr],
  ["the Patient Database", databaseEn, databaseFr],
  ["a patient's details", detailsEn, detailsFr],
  ["entries", entriesEn, entriesFr],
  ["tags", tagsEn, tagsFr],
  ["notes", notesEn, notesFr],
  ["the pool", poolEn, poolFr],
  ["who is present", presenceEn, presenceFr],
  ["what is not saved", savingEn, savingFr],
  ["the keyboard", shortcutsEn, shortcutsFr],
] as const;

it.each([["the interface", en, fr] as const, ...PARTS])(
  "says in French whatever it says in English of %s",
  (_, english, french) => {
    expect([...new Set(keys(english))].filter((key) => !keys(french).includes(key))).toEqual([]);
  },
);

it("says nothing in French alone but the server's sentences, which are English themselves", () => {
  expect(keys(fr).filter((key) => !keys(en).includes(key) && !key.startsWith("problems."))).toEqual([]);
});

it.each(PARTS)("says nothing of %s in French alone", (_, english, french) => {
  expect(keys(french).filter((key) => !keys(english).includes(key))).toEqual([]);
});
