import i18next from "i18next";
import { useTranslation } from "react-i18next";
import en from "./words/en.json";

// these words come with the list of shortcuts
i18next.addResourceBundle("en", "shortcuts", en);

/** The words of the keyboard's shortcuts; those of the whole interface under `translation:`. */
export function useWords() {
  return useTranslation(["shortcuts", "translation"]);
}
