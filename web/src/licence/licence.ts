import { queryOptions, useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import { live } from "../live/live";
import { asSigned, untilLookedAt } from "./reckoning";

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
