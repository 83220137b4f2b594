import { queryOptions, useIsMutating, useMutation, useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { AssignedTags, ImageView } from "../api/schema";
import type { LiveNews } from "../live/connection";
import { useLivePatient } from "../live/live";
import { poolChanges } from "../pool/known";

const LATER_MS = 1_000;

/** A patient, or an entry of one: what has tags of its own, and inherits those of photographs. */
export interface Bearer {
  patient: string;
  entry?: string;
}

interface Wish {
  tag: string;
  wanted: boolean;
}

/** Giving and taking tags, and how far that is. */
export interface Tagging {
  mutate: (wish: Wish) => void;
  underway: boolean;
  error: Error | null;
  isSuccess: boolean;
}

function queryOf({ patient, entry }: Bearer) {
  return queryOptions({
    queryKey: ["assigned tags", patient, entry ?? null],
    queryFn: () =>
      answered(
        entry === undefined
          ? api.GET("/api/v1/patients/{patient}/tags", { params: { path: { patient } } })
          : api.GET("/api/v1/patients/{patient}/entries/{entry}/tags", { params: { path: { patient, entry } } }),
      ),
  });
}

/** The tags of a patient or an entry and where they come from, as they are while the component is shown. */
export function useAssignedTags(bearer: Bearer) {
  useLivePatient(bearer.patient, (news) => hear(bearer, news));
  return useQuery(queryOf(bearer));
}

function hear(bearer: Bearer, news: LiveNews): void {
  const { queryKey } = queryOf(bearer);
  if (news.type === "event" && news.event === "images.tagged") {
    // who inherits learns of it a moment later
    setTimeout(() => void queryClient.invalidateQueries({ queryKey }), LATER_MS);
  } else if (news.type === "resync" || (concerns(bearer, news) && !isKnown(bearer, news.data.version))) {
    void queryClient.invalidateQueries({ queryKey });
  }
}

function concerns({ entry }: Bearer, { event, data }: Exclude<LiveNews, { type: "resync" }>): boolean {
  return entry === undefined ? event === "patients.tagged" : event === "patients.entry_tagged" && data.entry === entry;
}

/** One's own changes are known from their answers. */
function isKnown(bearer: Bearer, version: unknown): boolean {
  const known = queryClient.getQueryData(queryOf(bearer).queryKey)?.version ?? -1;
  return changing(idOf(bearer)) > 0 || Number(version) <= known;
}

/** Give a patient or an entry a tag, or take it away: shown at once, and taken back where it is refused. */
export function useTagging(bearer: Bearer) {
  const { queryKey } = queryOf(bearer);
  const id = idOf(bearer);
  const change = useMutation({
    mutationKey: keyOf(id),
    // one after the other, so that the last answer is the newest
    scope: { id: `tags ${id}` },
    mutationFn: (wish: Wish) => answered(send(bearer, wish)),
    onMutate: async (wish) => {
      await queryClient.cancelQueries({ queryKey });
      queryClient.setQueryData<AssignedTags>(queryKey, (tags) => tags && { ...tags, own: changed(tags.own, wish) });
    },
    onSuccess: (tags) => {
      if (changing(id) === 1) queryClient.setQueryData(queryKey, tags);
    },
    onError: () => void queryClient.invalidateQueries({ queryKey }),
  });
  return { ...change, underway: useIsMutating({ mutationKey: keyOf(id) }) > 0 };
}

function send({ patient, entry }: Bearer, { tag, wanted }: Wish) {
  if (entry !== undefined) {
    const path = { params: { path: { patient, entry, tag } } };
    return wanted
      ? api.PUT("/api/v1/patients/{patient}/entries/{entry}/tags/{tag}", path)
      : api.DELETE("/api/v1/patients/{patient}/entries/{entry}/tags/{tag}", path);
  }
  const path = { params: { path: { patient, tag } } };
  return wanted
    ? api.PUT("/api/v1/patients/{patient}/tags/{tag}", path)
    : api.DELETE("/api/v1/patients/{patient}/tags/{tag}", path);
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

function idOf({ patient, entry }: Bearer): string {
  return entry ?? patient;
}

function keyOf(id: string): string[] {
  return ["tag", id];
}

function changing(id: string): number {
  return queryClient.isMutating({ mutationKey: keyOf(id) });
}

function changed(tags: readonly string[], { tag, wanted }: Wish): string[] {
  return wanted ? [...new Set([...tags, tag])] : tags.filter((one) => one !== tag);
}
