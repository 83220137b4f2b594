import { queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { answered, api } from "../api/client";
import { retryImage } from "../api/images";
import { queryClient } from "../api/queries";
import type { EditedImage, ImageView } from "../api/schema";
import type { LiveNews } from "../live/connection";
import { useLiveRecords } from "../patients/patient";

/** A patient's photographs as far as they are known here, newest effective date first as the server sends them. */
export interface Pool {
  images: ReadonlyMap<string, ImageView>;
  total: number;
  /** False while the first load is under way. */
  complete: boolean;
}

const FIRST_PAGE = 60;
const PAGE = 200;
const NAMED_AT_ONCE = 100;
const TOGETHER_MS = 400;
const FIRST_PAUSE_MS = 1_000;
const PAUSE_MS = 250;

const MERGING = new Set(["patients.merged", "patients.unmerged"]);
const keyOf = (patient: string) => ["pool", patient];

/** The pool of a patient, which appears page by page and then stays current with what others do (POOL-16). */
export function usePool(patient: string) {
  const changes = useState(() => new Changes(patient))[0];
  useLiveRecords(patient, changes.hear);
  useEffect(() => changes.stop, [changes]);
  return useQuery(queryOf(patient));
}

/** Begin to load a pool whose page is about to be shown. */
export function fetchPoolAhead(patient: string): void {
  void queryClient.prefetchQuery(queryOf(patient));
}

function queryOf(patient: string) {
  return queryOptions({
    queryKey: keyOf(patient),
    queryFn: ({ signal }) => load(patient, signal),
    structuralSharing: false,
    staleTime: 10_000,
  });
}

/** Put what the server just said of a photograph into the pool that is shown. */
export function poolHas(image: ImageView): void {
  merge(image.patient, [image], []);
}

/** Put a change of a photograph into the pool that is shown, before the server has said anything. */
export function poolChanges(patient: string, id: string, change: (image: ImageView) => ImageView): void {
  const image = queryClient.getQueryData<Pool>(keyOf(patient))?.images.get(id);
  if (image !== undefined) poolHas(change(image));
}

/** Put what the server just said of changed photographs into the pool that is shown. */
export function poolEdited(patient: string, edited: readonly EditedImage[]): void {
  const known = queryClient.getQueryData<Pool>(keyOf(patient))?.images;
  merge(
    patient,
    edited.flatMap(({ version: _, ...facts }) => {
      const image = known?.get(facts.id);
      return image === undefined ? [] : [{ ...image, ...facts }];
    }),
    [],
  );
}

/** Have a photograph that failed processed again, and show that. */
export async function retryInPool({ patient, id }: ImageView): Promise<void> {
  poolHas(await retryImage(patient, id));
}

async function load(patient: string, signal: AbortSignal): Promise<Pool> {
  const images = new Map<string, ImageView>();
  const before = queryClient.getQueryData<Pool>(keyOf(patient));
  let cursor: string | null = null;
  for (;;) {
    const query: { limit: number; cursor?: string } = cursor === null ? { limit: FIRST_PAGE } : { limit: PAGE, cursor };
    const page = await answered(
      api.GET("/api/v1/patients/{patient}/images", { params: { path: { patient }, query }, signal }),
    );
    for (const image of page.images) images.set(image.id, image);
    cursor = page.next;
    if (cursor === null) return { images, total: images.size, complete: true };
    if (before === undefined) {
      queryClient.setQueryData<Pool>(keyOf(patient), { images: new Map(images), total: page.total, complete: false });
    }
    // the first pictures come before the rest of the facts
    await aPause(images.size > FIRST_PAGE ? PAUSE_MS : FIRST_PAUSE_MS);
  }
}

function aPause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function merge(patient: string, found: readonly ImageView[], asked: readonly string[]): void {
  queryClient.setQueryData<Pool>(keyOf(patient), (pool) => {
    if (pool === undefined) return undefined;
    const images = new Map(pool.images);
    for (const id of asked) images.delete(id);
    for (const image of found) if (image.state !== "rejected") images.set(image.id, image);
    return { ...pool, images, total: pool.complete ? images.size : pool.total };
  });
}

/** Events are hints: the photographs they name are fetched, several at a time. */
class Changes {
  private readonly named = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly patient: string;

  constructor(patient: string) {
    this.patient = patient;
  }

  hear = (news: LiveNews): void => {
    if (news.type === "resync" || MERGING.has(news.event)) {
      void queryClient.invalidateQueries({ queryKey: keyOf(this.patient) });
    } else if (news.event.startsWith("images.") && typeof news.data.image === "string") {
      this.named.add(news.data.image);
      this.soon();
    }
  };

  stop = (): void => {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  };

  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      void this.fetch();
    }, TOGETHER_MS);
  }

  private async fetch(): Promise<void> {
    // a load that is under way may bring older facts, and would put them over newer ones
    if (queryClient.isFetching({ queryKey: keyOf(this.patient) }) > 0) return this.soon();
    const ids = [...this.named].slice(0, NAMED_AT_ONCE);
    if (ids.length === 0) return;
    for (const id of ids) this.named.delete(id);
    try {
      const params = { path: { patient: this.patient }, query: { images: ids } };
      const page = await answered(api.GET("/api/v1/patients/{patient}/images", { params }));
      merge(this.patient, page.images, ids);
    } catch {
      // what could not be asked for now is part of the whole, which is asked for until it is there
      void queryClient.invalidateQueries({ queryKey: keyOf(this.patient) });
    }
    if (this.named.size > 0) this.soon();
  }
}
