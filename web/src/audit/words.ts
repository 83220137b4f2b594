import i18next from "i18next";
import { useTranslation } from "react-i18next";
import en from "./words/en.json";

// these words come with the pages that say them: the first page does without
i18next.addResourceBundle("en", "audit", en);

/** The words of the audit trail; those of the whole interface under `translation:`. */
export function useWords() {
  return useTranslation(["audit", "translation"]);
}

export type Words = ReturnType<typeof useWords>["t"];
