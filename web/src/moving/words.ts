import i18next from "i18next";
import { useTranslation } from "react-i18next";
import en from "./words/en.json";

// these words come with the dialog that says them: the first page does without
i18next.addResourceBundle("en", "moving", en);

/** The words about moving photographs; those of the whole interface under `translation:`. */
export function useWords() {
  return useTranslation(["moving", "translation"]);
}
