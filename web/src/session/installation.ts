import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import type { InstallationView } from "../api/schema";

/** What everybody may know of this installation: whose it is, and what it takes. Undefined until it is known. */
export function useInstallation(): InstallationView | undefined {
  return useQuery({
    queryKey: ["installation"],
    queryFn: () => answered(api.GET("/api/v1/installation")),
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
}
