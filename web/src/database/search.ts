import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { type Filters, searchOf } from "./filters";

const PAGE = 60;

/** The patients wanted, a page at a time. An answer that another search has overtaken is never shown. */
export function usePatientSearch(filters: Filters, text: string) {
  const search = searchOf(filters, text);
  return useInfiniteQuery({
    queryKey: ["patients", search],
    queryFn: ({ pageParam, signal }) =>
      answered(
        api.POST("/api/v1/patients/search", {
          body: { ...search, limit: PAGE, ...(pageParam && { cursor: pageParam }) },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    staleTime: 5000,
    placeholderData: keepPreviousData,
  });
}
