import { queryOptions, useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { LicenceView } from "../api/schema";
import { live } from "../live/live";

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const QUERY = queryOptions({
  queryKey: ["licence"],
  queryFn: () => answered(api.GET("/api/v1/licence")),
  // the news of its end may come a little late
  refetchInterval: ({ state }) => untilLookedAt(state.data, Date.now()),
});

live.onLicence(() => void queryClient.invalidateQueries({ queryKey: QUERY.queryKey }));

/** The installation's licence (LIC-1). */
export function useLicence() {
  return useQuery(QUERY);
}

/** Milliseconds until the licence has to be looked at again: its end, and every hour before. */
export function untilLookedAt(licence: LicenceView | undefined, now: number): number {
  const end =
    licence?.uploads_allowed === true && licence.valid_until !== null ? Date.parse(licence.valid_until) : now + HOUR_MS;
  return Math.min(HOUR_MS, Math.max(SECOND_MS, end - now + SECOND_MS));
}

/** Whole days until an instant; on its last day none. */
export function daysUntil(instant: string, now: number): number {
  return Math.max(0, Math.floor((Date.parse(instant) - now) / DAY_MS));
}

/** A licence as it was signed: copying it out of a mail changes the ends of its lines and what is around it. */
export function asSigned(text: string): string {
  return `${text.replace(/\r\n?/g, "\n").trim()}\n`;
}

/** Install a licence file. Rejects with a Problem `licence_file_<reason>` when it is not usable. */
export async function installLicence(text: string): Promise<void> {
  const installed = await answered(
    api.PUT("/api/v1/licence", {
      body: asSigned(text),
      bodySerializer: (file) => file,
      headers: { "Content-Type": "application/octet-stream" },
    }),
  );
  queryClient.setQueryData(QUERY.queryKey, installed);
}
