import { queryOptions, useIsMutating, useMutation, useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { AssignedTags, ImageView } from "../api/schema";
import type { LiveNews } from "../live/connection";
import { useLivePatient } from "../live/live";
import { poolChanges } from "../pool/pool";

const LATER_MS = 1_000;

interface Wish {
  tag: string;
  wanted: boolean;
}

function queryOf(patient: string) {
  return queryOptions({
    queryKey: ["patient", patient, "tags"],
    queryFn: () => answered(api.GET("/api/v1/patients/{patient}/tags", { params: { path: { patient } } })),
  });
}

/** The tags of a patient and where they come from, as they are while the component is shown. */
export function usePatientTags(patient: string) {
  useLivePatient(patient, (news) => hear(patient, news));
  return useQuery(queryOf(patient));
}

function hear(patient: string, news: LiveNews): void {
  const { queryKey } = queryOf(patient);
  if (news.type === "event" && news.event === "images.tagged") {
    // who inherits learns of it a moment later
    setTimeout(() => void queryClient.invalidateQueries({ queryKey }), LATER_MS);
  } else if (news.type === "resync" || (news.event === "patients.tagged" && !isKnown(patient, news.data.version))) {
    void queryClient.invalidateQueries({ queryKey });
  }
}

/** One's own changes are known from their answers. */
function isKnown(patient: string, version: unknown): boolean {
  const known = queryClient.getQueryData(queryOf(patient).queryKey)?.version ?? -1;
  return changing(patient) > 0 || Number(version) <= known;
}

/** Give a patient a tag, or take it away: shown at once, and taken back where it is refused. */
export function useTagPatient(patient: string) {
  const { queryKey } = queryOf(patient);
  const path = ({ tag }: Wish) => ({ params: { path: { patient, tag } } });
  const change = useMutation({
    mutationKey: keyOf(patient),
    // one after the other, so that the last answer is the newest
    scope: { id: `tags ${patient}` },
    mutationFn: (wish: Wish) =>
      answered(
        wish.wanted
          ? api.PUT("/api/v1/patients/{patient}/tags/{tag}", path(wish))
          : api.DELETE("/api/v1/patients/{patient}/tags/{tag}", path(wish)),
      ),
    onMutate: async (wish) => {
      await queryClient.cancelQueries({ queryKey });
      queryClient.setQueryData<AssignedTags>(queryKey, (tags) => tags && { ...tags, own: changed(tags.own, wish) });
    },
    onSuccess: (tags) => {
      if (changing(patient) === 1) queryClient.setQueryData(queryKey, tags);
    },
    onError: () => void queryClient.invalidateQueries({ queryKey }),
  });
  return { ...change, underway: useIsMutating({ mutationKey: keyOf(patient) }) > 0 };
}

/** Give a photograph a tag, or take it away: shown at once, and taken back where it is refused. */
export function useTagImage({ patient, id }: ImageView) {
  const path = ({ tag }: Wish) => ({ params: { path: { patient, image: id, tag } } });
  const apply = (wish: Wish) =>
    poolChanges(patient, id, (image) => ({ ...image, tags: changed(image.tags ?? [], wish) }));
  const change = useMutation({
    mutationKey: keyOf(id),
    scope: { id: `tags ${id}` },
    mutationFn: (wish: Wish) =>
      answered(
        wish.wanted
          ? api.PUT("/api/v1/patients/{patient}/images/{image}/tags/{tag}", path(wish))
          : api.DELETE("/api/v1/patients/{patient}/images/{image}/tags/{tag}", path(wish)),
      ),
    onMutate: apply,
    onSuccess: ({ tags }) => {
      if (changing(id) === 1) poolChanges(patient, id, (image) => ({ ...image, tags }));
    },
    onError: (_error, { tag, wanted }) => apply({ tag, wanted: !wanted }),
  });
  return { ...change, underway: useIsMutating({ mutationKey: keyOf(id) }) > 0 };
}

function keyOf(of: string): string[] {
  return ["tag", of];
}

function changing(of: string): number {
  return queryClient.isMutating({ mutationKey: keyOf(of) });
}

function changed(tags: readonly string[], { tag, wanted }: Wish): string[] {
  return wanted ? [...new Set([...tags, tag])] : tags.filter((one) => one !== tag);
}
