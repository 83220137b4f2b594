import i18next from "i18next";
import { useTranslation } from "react-i18next";
import en from "./words/en.json";

// these words come with the pages that say them: the first page does without
i18next.addResourceBundle("en", "account", en);

/** The words of one's own account; those of the whole interface under `translation:`. */
export function useWords() {
  return useTranslation(["account", "translation"]);
}

export type Words = ReturnType<typeof useWords>["t"];
