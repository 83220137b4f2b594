import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import type { SiteName } from "../api/schema";

/** How every site of the installation is called; undefined while it is not known. */
export function useSiteNames({ enabled = true } = {}): readonly SiteName[] | undefined {
  return useQuery({
    queryKey: ["site-names"],
    queryFn: async () => (await answered(api.GET("/api/v1/site-names"))).sites,
    staleTime: 10 * 60_000,
    enabled,
  }).data;
}
