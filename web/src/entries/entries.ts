import { queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { EntryView } from "../api/schema";
import { ifMatch } from "../api/versions";
import type { LiveNews } from "../live/connection";
import { useLivePatient } from "../live/live";

const PAGE = 30;

const listOf = (patient: string) => ["entries", patient];
const keyOf = (patient: string, entry: string) => ["entry", patient, entry];

/** A patient's entries, latest appointment first, page by page, as they are now. */
export function useEntries(patient: string) {
  useLivePatient(patient, (news) => {
    if (concernsEntries(news)) void queryClient.invalidateQueries({ queryKey: listOf(patient) });
  });
  return useInfiniteQuery({
    queryKey: listOf(patient),
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/api/v1/patients/{patient}/entries", {
          params: { path: { patient }, query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
}

/** One entry, as it is now. */
export function useEntry(patient: string, entry: string) {
  useLivePatient(patient, (news) => {
    if (news.type === "resync") return refetchEntry(patient, entry);
    const known = queryClient.getQueryData<EntryView>(keyOf(patient, entry));
    const old =
      news.event === "patients.entry_changed" && known !== undefined && Number(news.data.version) <= known.version;
    if (news.data.entry === entry && concernsEntries(news) && !old) refetchEntry(patient, entry);
  });
  return useQuery(queryOf(patient, entry));
}

function queryOf(patient: string, entry: string) {
  return queryOptions({
    queryKey: keyOf(patient, entry),
    queryFn: () =>
      answered(api.GET("/api/v1/patients/{patient}/entries/{entry}", { params: { path: { patient, entry } } })),
  });
}

function concernsEntries(news: LiveNews): boolean {
  return news.type === "resync" || news.event.startsWith("patients.entry_");
}

/** Ask for an entry again. */
export function refetchEntry(patient: string, entry: string): void {
  void queryClient.invalidateQueries({ queryKey: keyOf(patient, entry) });
}

/** When the server said what is known of an entry, in milliseconds; 0 where nothing is. */
export function entryAsOf(patient: string, entry: string): number {
  return queryClient.getQueryState(keyOf(patient, entry))?.dataUpdatedAt ?? 0;
}

/** The server has just said what the notes of an entry are. */
export function notesAre(patient: string, entry: string, notes: string, version: number): void {
  queryClient.setQueryData<EntryView>(keyOf(patient, entry), (known) =>
    known === undefined || known.notes_version >= version ? known : { ...known, notes, notes_version: version },
  );
}

/** Create an entry of now; the same key again creates no other. */
export async function createEntry(patient: string, key: string): Promise<EntryView> {
  const made = await answered(
    api.POST("/api/v1/patients/{patient}/entries", {
      params: { path: { patient }, header: { "Idempotency-Key": key } },
      body: {},
    }),
  );
  entryIs(made);
  return made;
}

/** Change the appointment of an entry that is still at this version. */
export async function changeAppointment(entry: EntryView, appointment: string, version: number): Promise<EntryView> {
  const now = await answered(
    api.PATCH("/api/v1/patients/{patient}/entries/{entry}", {
      params: { path: { patient: entry.patient, entry: entry.id }, header: ifMatch(version) },
      body: { appointment },
    }),
  );
  entryIs(now);
  return now;
}

/** The server has just said what an entry is. */
function entryIs(entry: EntryView): void {
  queryClient.setQueryData(keyOf(entry.patient, entry.id), entry);
  void queryClient.invalidateQueries({ queryKey: listOf(entry.patient) });
  void queryClient.invalidateQueries({ queryKey: ["patient", entry.patient], exact: true });
}
