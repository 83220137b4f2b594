import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { WorkspacePreview } from "../api/schema";
import { together } from "../api/together";
import { useLivePatient } from "../live/live";

const AT_ONCE = 100;

const keyOf = (patient: string, entry: string) => ["workspace-preview", patient, entry];
const ofPatient = new Map<string, (entry: string) => Promise<WorkspacePreview | null>>();

/** The beginning of a workspace, asked for together with those of the entries around; null where it holds nothing. */
export function usePreview(patient: string, entry: string) {
  useLivePatient(patient, (news) => {
    if (news.type !== "resync" && (news.event !== "images.workspace_changed" || news.data.entry !== entry)) return;
    void queryClient.invalidateQueries({ queryKey: keyOf(patient, entry) });
  });
  return useQuery({ queryKey: keyOf(patient, entry), queryFn: () => askerOf(patient)(entry) }).data;
}

function askerOf(patient: string) {
  let asker = ofPatient.get(patient);
  if (asker === undefined) {
    asker = together(async (entries) => {
      const params = { path: { patient }, query: { entries } };
      const { workspaces } = await answered(api.GET("/api/v1/patients/{patient}/workspaces", { params }));
      return new Map(workspaces.map((workspace) => [workspace.entry, workspace]));
    }, AT_ONCE);
    ofPatient.set(patient, asker);
  }
  return asker;
}
