import { Outlet, useParams } from "react-router";
import { LedOn } from "../details/led-on";
import { ErrorState } from "../ui/error-state";
import { PatientBanner } from "./banner";
import { refreshPatient, useLiveRecords, usePatient } from "./patient";
import classes from "./patient-page.module.css";

/** Every page of a patient: the banner, which never scrolls away, and the page (PAT-7). */
export function PatientPage() {
  const { patient: id = "" } = useParams();
  const { data: patient, error, refetch } = usePatient(id);
  useLiveRecords(id, (news) => refreshPatient(id, news));
  const survivor = patient?.merged_into ?? null;
  if (survivor !== null) return <LedOn from={id} to={survivor} />;
  if (error !== null && patient === undefined) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <div className={classes.page} key={id}>
      <PatientBanner patient={patient} />
      <div className={classes.content}>
        <Outlet />
      </div>
    </div>
  );
}
