import { type Query, queryOptions, useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { PatientView } from "../api/schema";
import type { LiveNews } from "../live/connection";
import { live, useLivePatient, useLivePatients } from "../live/live";

const keyOf = (patient: string) => ["patient", patient];

/** One patient's record. */
export function usePatient(patient: string) {
  return useQuery({ ...queryOf(patient), enabled: patient !== "" });
}

/** Begin to load a record whose page is about to be shown. */
export function fetchPatientAhead(patient: string): void {
  void queryClient.prefetchQuery(queryOf(patient));
}

function queryOf(patient: string) {
  return queryOptions({
    queryKey: keyOf(patient),
    queryFn: () => answered(api.GET("/api/v1/patients/{patient}", { params: { path: { patient } } })),
  });
}

/** Know a record as the server just told it. */
export function keepPatient(patient: PatientView): void {
  queryClient.setQueryData(queryOf(patient.id).queryKey, patient);
  void queryClient.invalidateQueries({ queryKey: ["patients"], refetchType: "none" });
}

/** Nothing stays of what was known of a patient: who may see the record, or may not, is another now. */
export async function forgetPatient(patient: string): Promise<void> {
  await queryClient.resetQueries({ predicate: ({ queryKey }) => queryKey.includes(patient) });
}

/** Let go of what is held of a patient who is not to be seen; what was refused is not asked for again. */
export async function losePatient(patient: string): Promise<void> {
  const held = { predicate: ({ queryKey, state }: Query) => queryKey.includes(patient) && state.data !== undefined };
  if (queryClient.getQueryCache().findAll(held).length === 0) return;
  void queryClient.invalidateQueries({ queryKey: ["patients"] });
  await queryClient.resetQueries(held);
}

live.onUnseen((patient) => void losePatient(patient));

/** Be told of what happens to a patient, and to the records that are merged into it. */
export function useLiveRecords(patient: string, onNews: (news: LiveNews) => void): void {
  useLivePatient(patient, onNews);
  useLivePatients(usePatient(patient).data?.aliases ?? [], onNews);
}

/** Fetch the record again when others changed it. */
export function refreshPatient(patient: string, news: LiveNews): void {
  if (news.type === "resync" || news.event.startsWith("patients.")) {
    void queryClient.invalidateQueries({ queryKey: keyOf(patient) });
    void queryClient.invalidateQueries({ queryKey: ["patients"], refetchType: "none" });
  }
}
