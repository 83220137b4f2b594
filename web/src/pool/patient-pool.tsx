import type { ReactNode } from "react";
import { usePatient } from "../patients/patient";
import { useMayContribute } from "../patients/sharing";
import { useSite } from "../session/session";
import { UploadButton } from "../uploads/button";
import { DropArea } from "../uploads/dropping";
import { useUploads } from "../uploads/uploads";
import { Empty, type Uploading } from "./empty";
import { PoolHeading } from "./heading";
import type { Pool } from "./known";
import { Photographs } from "./photographs";
import { usePool } from "./pool";
import { useUploading } from "./use-uploading";

interface PatientPoolProps {
  patient: string;
  /** From where one came to them, if not from the patient: it stands above all. */
  above?: ((pool: Pool | undefined) => ReactNode) | undefined;
}

/** All photographs of a patient, wherever one comes to them from, and a way to add more (POOL-1, POOL-2). */
export function PatientPool({ patient, above }: PatientPoolProps) {
  const uploading = useUploading(patient, usePatient(patient).data);
  return (
    <DropArea {...uploading}>
      <Contents key={patient} patient={patient} above={above} uploading={uploading} />
    </DropArea>
  );
}

/** What changes with each photograph and each upload. */
function Contents({ patient, above, uploading }: PatientPoolProps & { uploading: Uploading }) {
  const record = usePatient(patient).data;
  const timeZone = useSite(record?.site)?.time_zone;
  const mayChange = useMayContribute(record);
  const pool = usePool(patient);
  const uploads = useUploads(patient);
  return (
    <>
      {above?.(pool.data)}
      <Photographs
        patient={patient}
        home={record?.site}
        timeZone={timeZone}
        known={pool}
        uploads={uploads}
        mayChange={mayChange}
        heading={<PoolHeading patient={patient} total={pool.data?.total ?? 0} />}
        tools={<UploadButton {...uploading} />}
        empty={<Empty uploading={uploading} />}
      />
    </>
  );
}
