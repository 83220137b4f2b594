import { useQueries } from "@tanstack/react-query";
import type { TagCategoryView } from "../api/schema";
import { useSession } from "../session/session";
import { byId, type KnownTag } from "../tags/known";
import { queryOf } from "../tags/tags";

/** Every category that patients here may have tags of: the installation's, then those of one's sites. */
export function useCategoriesHere(): readonly TagCategoryView[] {
  const { sites } = useSession();
  return useQueries({
    queries: [null, ...sites.map(({ site }) => site)].map(queryOf),
    combine: (lists) => lists.flatMap(({ data }) => data?.categories ?? []),
  });
}

/** Their tags by their ids. */
export function useTagsHere(): ReadonlyMap<string, KnownTag> {
  return byId(useCategoriesHere());
}
