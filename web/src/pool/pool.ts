import { queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { answered, api } from "../api/client";
import { retryImage } from "../api/images";
import { queryClient } from "../api/queries";
import type { ImageView } from "../api/schema";
import { useLiveRecords } from "../patients/patient";
import { Following } from "./following";
import { keyOf, type Pool, poolHas } from "./known";

const FIRST_PAGE = 60;
const PAGE = 200;
const FIRST_PAUSE_MS = 1_000;
const PAUSE_MS = 250;

/** Photographs as they are asked for and as they come. */
export type Photographs = ReturnType<typeof usePool>;

/** The pool of a patient, which appears page by page and then stays current with what others do (POOL-16). */
export function usePool(patient: string) {
  return usePhotographs(patient);
}

/** The photographs that the workspace of an entry holds, likewise (WRK-1). */
export function useWorkspace(patient: string, entry: string) {
  return usePhotographs(patient, entry);
}

/** Begin to load a pool whose page is about to be shown. */
export function fetchPoolAhead(patient: string): void {
  void queryClient.prefetchQuery(queryOf(patient));
}

/** Have a photograph that failed processed again, and show that. */
export async function retryInPool({ patient, id }: ImageView): Promise<void> {
  poolHas(await retryImage(patient, id));
}

function usePhotographs(patient: string, entry?: string) {
  const following = useState(() => new Following(patient, entry))[0];
  useLiveRecords(patient, following.hear);
  useEffect(() => following.stop, [following]);
  return useQuery(queryOf(patient, entry));
}

function queryOf(patient: string, entry?: string) {
  return queryOptions({
    queryKey: keyOf(patient, entry),
    queryFn: ({ signal }) => load(patient, entry, signal),
    structuralSharing: false,
    staleTime: 10_000,
  });
}

async function load(patient: string, entry: string | undefined, signal: AbortSignal): Promise<Pool> {
  const images = new Map<string, ImageView>();
  const key = keyOf(patient, entry);
  const before = queryClient.getQueryData<Pool>(key);
  let cursor: string | null = null;
  for (;;) {
    const query: PageQuery = cursor === null ? { limit: FIRST_PAGE } : { limit: PAGE, cursor };
    const page = await pageOf(patient, entry, query, signal);
    for (const image of page.images) images.set(image.id, image);
    cursor = page.next;
    if (cursor === null) return { images, total: images.size, complete: true };
    if (before === undefined) {
      queryClient.setQueryData<Pool>(key, { images: new Map(images), total: page.total, complete: false });
    }
    // the first pictures come before the rest of the facts
    await aPause(images.size > FIRST_PAGE ? PAUSE_MS : FIRST_PAUSE_MS);
  }
}

interface PageQuery {
  limit: number;
  cursor?: string;
}

interface Page {
  images: ImageView[];
  total: number;
  next: string | null;
}

function pageOf(patient: string, entry: string | undefined, query: PageQuery, signal: AbortSignal): Promise<Page> {
  if (entry === undefined) {
    return answered(api.GET("/api/v1/patients/{patient}/images", { params: { path: { patient }, query }, signal }));
  }
  const params = { path: { patient, entry }, query };
  return answered(api.GET("/api/v1/patients/{patient}/entries/{entry}/workspace", { params, signal }));
}

function aPause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
