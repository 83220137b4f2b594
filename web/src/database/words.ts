import i18next from "i18next";
import { useTranslation } from "react-i18next";
import en from "./words/en.json";

// these words come with the page that says them
i18next.addResourceBundle("en", "database", en);

/** The words of the Patient Database; those of the whole interface under `translation:`. */
export function useWords() {
  return useTranslation(["database", "translation"]);
}

export type Words = ReturnType<typeof useWords>["t"];
