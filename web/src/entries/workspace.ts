import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { ImageView, WorkspaceChanges, WorkspacePreview } from "../api/schema";
import { together } from "../api/together";
import type { LiveNews } from "../live/connection";
import { useLivePatient } from "../live/live";
import { reportUnsaved } from "../saving/unsaved";
import { tellProblem } from "../ui/tell";

const PAGE = 200;
const PREVIEWS_AT_ONCE = 100;

const keyOf = (patient: string, entry: string) => ["workspace", patient, entry];
const previewOf = (patient: string, entry: string) => ["workspace-preview", patient, entry];

/** The photographs chosen for an entry, newest first, as they are now (WRK-1). */
export function useWorkspace(patient: string, entry: string) {
  useLivePatient(patient, (news) => {
    if (concerns(news, entry)) void queryClient.invalidateQueries({ queryKey: keyOf(patient, entry) });
  });
  return useQuery(
    queryOptions({
      queryKey: keyOf(patient, entry),
      queryFn: () => load(patient, entry),
    }),
  );
}

async function load(patient: string, entry: string): Promise<ImageView[]> {
  const images: ImageView[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query: { limit: number; cursor?: string } = cursor === "" ? { limit: PAGE } : { limit: PAGE, cursor };
    const page = await answered(
      api.GET("/api/v1/patients/{patient}/entries/{entry}/workspace", { params: { path: { patient, entry }, query } }),
    );
    images.push(...page.images);
    cursor = page.next;
  }
  return images;
}

const ofPatient = new Map<string, (entry: string) => Promise<WorkspacePreview | null>>();

/** The beginning of a workspace, asked for together with those of the entries around; null where it holds nothing. */
export function usePreview(patient: string, entry: string) {
  useLivePatient(patient, (news) => {
    if (concerns(news, entry)) void queryClient.invalidateQueries({ queryKey: previewOf(patient, entry) });
  });
  return useQuery({ queryKey: previewOf(patient, entry), queryFn: () => askerOf(patient)(entry) }).data;
}

function askerOf(patient: string) {
  let asker = ofPatient.get(patient);
  if (asker === undefined) {
    asker = together(async (entries) => {
      const params = { path: { patient }, query: { entries } };
      const { workspaces } = await answered(api.GET("/api/v1/patients/{patient}/workspaces", { params }));
      return new Map(workspaces.map((workspace) => [workspace.entry, workspace]));
    }, PREVIEWS_AT_ONCE);
    ofPatient.set(patient, asker);
  }
  return asker;
}

/** Add photographs to a workspace and remove some; it shows at once, and is taken back where the server refuses. */
export function useChangeWorkspace(patient: string, entry: string) {
  const part = `workspace ${entry}`;
  return useMutation({
    mutationFn: (body: WorkspaceChanges) =>
      answered(
        api.PATCH("/api/v1/patients/{patient}/entries/{entry}/workspace", {
          params: { path: { patient, entry } },
          body,
        }),
      ),
    onMutate: ({ remove = [] }) => {
      reportUnsaved(part, { changes: 1, away: false });
      queryClient.setQueryData<ImageView[]>(keyOf(patient, entry), (images) =>
        images?.filter(({ id }) => !remove.includes(id)),
      );
    },
    onError: tellProblem,
    onSettled: async () => {
      reportUnsaved(part, { changes: 0, away: false });
      await queryClient.invalidateQueries({ queryKey: keyOf(patient, entry) });
      await queryClient.invalidateQueries({ queryKey: previewOf(patient, entry) });
    },
  });
}

function concerns(news: LiveNews, entry: string): boolean {
  return news.type === "resync" || (news.event === "images.workspace_changed" && news.data.entry === entry);
}
