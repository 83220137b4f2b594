import type { TFunction } from "i18next";
import { Problem } from "../api/problem";
import type { LicenceReason, LicenceView } from "../api/schema";
import { formatInstant } from "../ui/dates";
import { inWords } from "../ui/tell";

/** Why a licence is in its state, or why a file was not installed. */
export const REASONS: readonly LicenceReason[] = [
  "in_force",
  "expires_soon",
  "expired",
  "not_installed",
  "not_a_licence",
  "truncated",
  "forged",
  "other_key",
  "unreadable",
  "no_vendor_key",
  "wrong_profile",
  "not_yet_valid",
  "clock_set_back",
  "too_few_sites",
];

const FILE = "licence_file_";

/** Why a file was not installed, or whatever else went wrong. */
export function refusalInWords(error: unknown, t: TFunction): string {
  const reason = error instanceof Problem ? error.code.replace(FILE, "") : "";
  if (!(error instanceof Problem && error.code.startsWith(FILE) && isReason(reason))) return inWords(error);
  return `${t(`licence.reasons.${reason}`)} ${t("licence.nothingChanged")}`;
}

/** Why no photograph can be added; null while some can, or while it is not known: the server decides. */
export function whyNoUploads(licence: LicenceView | undefined, t: TFunction): string | null {
  if (licence === undefined || licence.uploads_allowed) return null;
  switch (licence.state) {
    case "expired":
      return t("licence.noUploads.expired", { when: formatInstant(licence.valid_until ?? "", undefined) });
    case "missing":
      return t("licence.noUploads.missing");
    default:
      return t("licence.noUploads.invalid");
  }
}

function isReason(text: string): text is LicenceReason {
  return (REASONS as readonly string[]).includes(text);
}
