import i18next from "i18next";
import { useTranslation } from "react-i18next";
import en from "./words/en.json";

// these words come with the pages that say them: the first page does without
i18next.addResourceBundle("en", "entries", en);

/** The words of clinical entries; those of the whole interface under `translation:`. */
export function useWords() {
  return useTranslation(["entries", "translation"]);
}
