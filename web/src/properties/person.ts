import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";

/** The name of somebody of the installation; undefined while it is not known, and of nobody (an empty id). */
export function usePersonName(user: string): string | undefined {
  return useQuery({
    queryKey: ["person", user],
    queryFn: () => answered(api.GET("/api/v1/people/{user}", { params: { path: { user } } })),
    enabled: user !== "",
    staleTime: 10 * 60_000,
  }).data?.display_name;
}
