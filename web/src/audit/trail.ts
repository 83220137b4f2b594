import { useInfiniteQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { paths } from "../api/schema";

const KEY = ["trail"];
const PAGE = 100;

type Asked = NonNullable<paths["/api/v1/trail"]["get"]["parameters"]["query"]>;
export type TrailQuery = Omit<Asked, "limit" | "before">;

/**
 * Records of the trail, newest first, page by page. Each page is itself recorded when it is asked for, so nothing is
 * asked for again unless somebody wants it.
 */
export function useTrail(query: TrailQuery, limit = PAGE) {
  return useInfiniteQuery({
    queryKey: [...KEY, query, limit],
    queryFn: ({ pageParam, signal }) => {
      const page = { limit, ...(pageParam && { before: Number(pageParam) }) };
      return answered(api.GET("/api/v1/trail", { params: { query: { ...query, ...page } }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

/** Begin at the newest again. */
export function lookAgain(): Promise<void> {
  return queryClient.resetQueries({ queryKey: KEY });
}
