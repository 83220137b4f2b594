import i18next, { type TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { formatBytes } from "../ui/bytes";
import type { Upload, UploadProblem } from "./upload";

/** Says why an upload was not taken or has to wait, in the user's language; nothing where all is well. */
export function useReason(): (upload: Upload) => string {
  const { t, i18n } = useTranslation();
  return ({ problem, state, size }) => {
    if (problem === null) return "";
    if (problem.limit !== undefined) {
      const language = i18n.language;
      return t("uploads.tooLarge", { size: formatBytes(size, language), limit: formatBytes(problem.limit, language) });
    }
    // what was found in the file the server says best, but it speaks English only
    if (state === "rejected" && i18n.language === "en" && problem.sentence !== "") return problem.sentence;
    return reason(problem, t);
  };
}

function reason({ code, sentence }: UploadProblem, t: TFunction): string {
  const key = `uploads.reasons.${code}`;
  if (i18next.exists(key)) return t(key as "uploads.reasons.internal");
  return sentence || t("uploads.reasons.internal");
}
