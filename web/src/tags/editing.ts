import { useMutation } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { TagCategoryChanges, TagCategoryView, TagChanges, TagColour, TagList, TagView } from "../api/schema";
import { ifMatch, isStale } from "../api/versions";
import { tell, tellProblem } from "../ui/tell";
import { orderOf, reordered } from "./ordering";
import { listIs, queryOf, refreshList } from "./tags";

/** Make a category; repeating it under the same key makes one. */
export async function createCategory(
  site: string | null,
  name: string,
  colour: TagColour,
  key: string,
): Promise<TagCategoryView> {
  const params = { header: { "Idempotency-Key": key } };
  const made = await answered(api.POST("/api/v1/tags/categories", { body: { site, name, colour }, params }));
  await refreshList(site);
  return made;
}

/** Make a tag; repeating it under the same key makes one. */
export async function createTag(category: TagCategoryView, name: string, key: string): Promise<TagView> {
  const params = { path: { category: category.id }, header: { "Idempotency-Key": key } };
  const made = await answered(api.POST("/api/v1/tags/categories/{category}/tags", { body: { name }, params }));
  await refreshList(category.site);
  return made;
}

/** Change a category, unless somebody else did since it was seen. */
export async function changeCategory(category: TagCategoryView, body: TagCategoryChanges): Promise<void> {
  const params = { path: { category: category.id }, header: ifMatch(category.version) };
  try {
    await answered(api.PATCH("/api/v1/tags/categories/{category}", { body, params }));
  } finally {
    await refreshList(category.site);
  }
}

/** Change a tag, unless somebody else did since it was seen. */
export async function changeTag(site: string | null, tag: TagView, body: TagChanges): Promise<void> {
  const params = { path: { tag: tag.id }, header: ifMatch(tag.version) };
  try {
    await answered(api.PATCH("/api/v1/tags/{tag}", { body, params }));
  } finally {
    await refreshList(site);
  }
}

interface Move {
  /** Whose tags are moved; null for the categories themselves. */
  category: string | null;
  from: number;
  to: number;
}

/** Move a category or a tag: shown at once, and as it is on the server where that is refused. */
export function useMove(list: TagList, staleWords: string) {
  const { queryKey } = queryOf(list.site);
  return useMutation({
    scope: { id: `order of tags ${list.site}` },
    mutationFn: ({ category, from, to }: Move) => {
      // upon what the moves before it have led to
      const now = queryClient.getQueryData<TagList>(queryKey) ?? list;
      const wished = orderOf(reordered(now, category, from, to));
      return answered(api.PUT("/api/v1/tags/order", { body: wished, params: { header: ifMatch(now.version) } }));
    },
    onSuccess: listIs,
    onError: (error) => {
      if (isStale(error)) tell({ color: "yellow", message: staleWords });
      else tellProblem(error);
      void refreshList(list.site);
    },
  });
}
