import { useTranslation } from "react-i18next";
import { inWords } from "./tell";

/** `inWords`, said again when the language changes. */
export function useSayProblem(): (error: unknown) => string {
  useTranslation();
  return inWords;
}
