import { queryOptions, useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { MergedRecords, MergePreview } from "../api/schema";
import { ifMatch } from "../api/versions";
import { forgetPatient } from "../patients/patient";

function queryOf(patient: string) {
  return queryOptions({
    queryKey: ["patient", patient, "merged"],
    queryFn: () => answered(api.GET("/api/v1/patients/{patient}/merged", { params: { path: { patient } } })),
  });
}

/** The records that are merged into a patient. */
export function useMerged(patient: string) {
  return useQuery(queryOf(patient));
}

/** What merging the record with a unique ID into a patient would show. */
export function previewMerge(patient: string, unique_id: string): Promise<MergePreview> {
  const params = { path: { patient } };
  return answered(api.POST("/api/v1/patients/{patient}/merge-preview", { params, body: { unique_id } }));
}

/** Merge what was previewed. */
export async function merge({ survivor, alias, version }: MergePreview): Promise<MergedRecords> {
  const params = { path: { patient: survivor.id, alias: alias.id }, header: ifMatch(version) };
  const merged = await answered(api.PUT("/api/v1/patients/{patient}/merged/{alias}", { params }));
  await seenAnew(survivor.id, alias.id);
  return merged;
}

/** Take a merge back. */
export async function unmerge(patient: string, alias: string): Promise<MergedRecords> {
  const params = { path: { patient, alias } };
  const merged = await answered(api.DELETE("/api/v1/patients/{patient}/merged/{alias}", { params }));
  await seenAnew(patient, alias);
  return merged;
}

async function seenAnew(survivor: string, alias: string): Promise<void> {
  void queryClient.invalidateQueries({ queryKey: ["patients"], refetchType: "none" });
  void queryClient.invalidateQueries({ queryKey: ["pool", survivor] });
  await queryClient.invalidateQueries({ queryKey: ["patient", survivor] });
  await forgetPatient(alias);
}
