import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type account from "../account/words/en.json";
import type administration from "../administration/words/en.json";
import type audit from "../audit/words/en.json";
import type consent from "../consent/words/en.json";
import type database from "../database/words/en.json";
import type details from "../details/words/en.json";
import type entries from "../entries/words/en.json";
import type moving from "../moving/words/en.json";
import type notes from "../notes/words/en.json";
import type pool from "../pool/words/en.json";
import type presence from "../presence/words/en.json";
import type saving from "../saving/words/en.json";
import type shortcuts from "../shortcuts/words/en.json";
import type tags from "../tags/words/en.json";
import { part } from "../ui/part";
import en from "./en.json";

export const LANGUAGES = ["en", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What each calls itself. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: "English", fr: "Français" };

export function isLanguage(tag: string): tag is Language {
  return LANGUAGES.some((language) => language === tag);
}

const KEPT = "dermfolio.language";
const WISH = "dermfolio.language-wish";
const LAZY: Record<Exclude<Language, "en">, () => Promise<{ default: Record<string, object> }>> = {
  fr: part(() => import("./fr")),
};

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: {
      translation: typeof en;
      account: typeof account;
      administration: typeof administration;
      audit: typeof audit;
      consent: typeof consent;
      database: typeof database;
      details: typeof details;
      entries: typeof entries;
      tags: typeof tags;
      moving: typeof moving;
      notes: typeof notes;
      pool: typeof pool;
      presence: typeof presence;
      saving: typeof saving;
      shortcuts: typeof shortcuts;
    };
  }
}

/** Begin in the language shown last on this device, else the browser's, else English. */
export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false }, // React escapes
  });
  await speak(firstLanguage());
}

/** Change the language of the whole interface. */
export async function speak(language: Language): Promise<void> {
  if (language !== "en" && !i18next.hasResourceBundle(language, "translation")) {
    for (const [part, words] of Object.entries((await LAZY[language]()).default)) {
      i18next.addResourceBundle(language, part, words);
    }
  }
  if (language !== i18next.language) await i18next.changeLanguage(language); // which draws everything anew
  document.documentElement.lang = language;
}

/** Change the language, and begin with it next time on this device. */
export async function chooseLanguage(language: Language): Promise<void> {
  await speak(language);
  localStorage.setItem(KEPT, language);
}

/** Change the language before anybody is signed in: who then is, and has chosen none, keeps it. */
export async function wishLanguage(language: Language): Promise<void> {
  await chooseLanguage(language);
  sessionStorage.setItem(WISH, language);
}

/** The language that was wished for in this tab before signing in, once. */
export function takeWish(): Language | null {
  const wish = sessionStorage.getItem(WISH) ?? "";
  sessionStorage.removeItem(WISH);
  return isLanguage(wish) ? wish : null;
}

/** The first language of the browser's user that is ours, else English. */
export function browsersLanguage(): Language {
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? "en";
}

function firstLanguage(): Language {
  const shown = localStorage.getItem(KEPT) ?? "";
  return isLanguage(shown) ? shown : browsersLanguage();
}
