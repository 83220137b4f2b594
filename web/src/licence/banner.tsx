import { useTranslation } from "react-i18next";
import { managesInstallation, mayCreatePatients } from "../session/may";
import { useSession } from "../session/session";
import { Bar } from "../ui/bar";
import { useLicence } from "./licence";
import { LOOKS } from "./look";
import { daysUntil } from "./reckoning";
import { whyNoUploads } from "./words";

/**
 * What everybody who adds photographs has to know of the licence: that none can be added. Who manages the installation is
 * told in time. Nothing where all is well.
 */
export function LicenceBanner() {
  const { t } = useTranslation();
  const session = useSession();
  const { data: licence } = useLicence();
  if (licence === undefined) return null;
  const manages = managesInstallation(session);
  const refused = manages || mayCreatePatients(session) ? whyNoUploads(licence, t) : null;
  const soon =
    manages && licence.state === "expiring" && licence.valid_until !== null
      ? t("licence.expiresIn", { count: daysUntil(licence.valid_until, Date.now()) })
      : null;
  const text = refused ?? soon;
  if (text === null) return null;
  const look = LOOKS[licence.state];
  return (
    <Bar
      label={t("licence.title")}
      color={look.color}
      icon={look.icon}
      way={manages && { to: "/administration/licence", name: t("licence.open") }}
    >
      {text} {!manages && t("licence.askAdministrator")}
    </Bar>
  );
}
