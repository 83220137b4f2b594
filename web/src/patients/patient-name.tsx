import { usePatient } from "./patient";
import { shownName } from "./person";

/** A patient's name where only the id is at hand. */
export function PatientName({ id }: { id: string }) {
  const { data } = usePatient(id);
  return <bdi>{data === undefined ? "…" : shownName(data)}</bdi>;
}
