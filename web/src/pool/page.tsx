import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { IntoWorkspaces } from "../entries/into-workspaces";
import { usePageTitle } from "../ui/page-title";
import { PatientPool } from "./patient-pool";

/** The pool of a patient, from the patient's pages. */
export function PoolPage() {
  const { t } = useTranslation();
  const { patient = "" } = useParams();
  usePageTitle(t("frame.places.pool"));
  return (
    <IntoWorkspaces key={patient} patient={patient}>
      <PatientPool patient={patient} />
    </IntoWorkspaces>
  );
}
