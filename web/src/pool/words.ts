import i18next from "i18next";
import { useTranslation } from "react-i18next";
import en from "./words/en.json";

// these words come with the pool: the first page does without
i18next.addResourceBundle("en", "pool", en);

/** The words of the pool; those of the whole interface under `translation:`. */
export function useWords() {
  return useTranslation(["pool", "translation"]);
}
