import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { PatientView } from "../api/schema";
import { useConsent } from "../consent/consent";
import { useLicence } from "../licence/licence";
import { whyNoUploads } from "../licence/words";
import { useMayContribute } from "../patients/sharing";
import { useInstallation } from "../session/installation";
import { part } from "../ui/part";
import type { Uploading } from "./empty";

const consentNotice = part(() => import("../consent/notice"));

/** How one uploads photographs of a patient, and why one may not (POOL-18). */
export function useUploading(patient: string, record: PatientView | undefined): Uploading {
  const { t } = useTranslation();
  const bytes = useInstallation()?.upload_limit_bytes ?? Number.POSITIVE_INFINITY;
  const mayContribute = useMayContribute(record);
  const refused = whyNoUploads(useLicence().data, t);
  const consent = useConsent(patient).data;
  const unconsented = mayContribute && refused === null && consent?.enforcement === "required" && !consent.given;
  const disabled = !mayContribute || refused !== null || unconsented;
  const why = refused ?? t("uploads.reasons.consent_required");
  const reason = mayContribute ? why : t("pool.mayNotUpload");
  return useMemo(
    () => ({
      patient,
      limits: { bytes },
      disabled,
      reason,
      ...(unconsented && {
        onRefused: () => void consentNotice().then((notice) => notice.tellConsentMissing(patient)),
      }),
    }),
    [patient, bytes, disabled, reason, unconsented],
  );
}
