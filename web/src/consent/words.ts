import i18next from "i18next";
import { useTranslation } from "react-i18next";
import en from "./words/en.json";

// these words come with what says them: the first page does without
i18next.addResourceBundle("en", "consent", en);

/** The words of consent; those of the whole interface under `translation:`. */
export function useWords() {
  return useTranslation(["consent", "translation"]);
}

export type Words = ReturnType<typeof useWords>["t"];
