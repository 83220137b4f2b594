import { queryOptions, useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { TagCategoryView, TagList } from "../api/schema";
import { live } from "../live/live";

const KEY = ["tags"];

/** The tags of a site, or (null) of the installation. */
export function queryOf(site: string | null) {
  return queryOptions({
    queryKey: [...KEY, site],
    queryFn: () => answered(api.GET("/api/v1/tags", { params: { query: site === null ? {} : { site } } })),
    staleTime: 10 * 60_000,
  });
}

live.onTags((site) => void queryClient.invalidateQueries({ queryKey: site === undefined ? KEY : [...KEY, site] }));

/** The tags of a site, or (null) of the installation, as they are listed. */
export function useTagList(site: string | null, { enabled = true } = {}) {
  return useQuery({ ...queryOf(site), enabled });
}

/** The categories that a patient of this site may have tags of: the installation's, then the site's own. */
export function useCategories(site: string | undefined): readonly TagCategoryView[] | undefined {
  const wide = useTagList(null).data;
  const own = useTagList(site ?? null, { enabled: site !== undefined }).data;
  if (wide === undefined || own === undefined || site === undefined) return undefined;
  return [...wide.categories, ...own.categories];
}

/** Show what the server just said of a list. */
export function listIs(list: TagList): void {
  queryClient.setQueryData(queryOf(list.site).queryKey, list);
}

/** Ask for a list again. */
export async function refreshList(site: string | null): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: [...KEY, site] });
}
