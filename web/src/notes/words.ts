import i18next from "i18next";
import { useTranslation } from "react-i18next";
import en from "./words/en.json";

// these words come with the page that says them: the first page does without
i18next.addResourceBundle("en", "notes", en);

/** The words of the notes of entries; those of the whole interface under `translation:`. */
export function useWords() {
  return useTranslation(["notes", "translation"]);
}
