import { Text, VisuallyHidden } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import type { TagCategoryView } from "../api/schema";
import { useSession } from "../session/session";
import { byId, inOrder, type KnownTag } from "../tags/known";
import { Label } from "../tags/label";
import { queryOf } from "../tags/tags";
import { useWords } from "./words";

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

const SHOWN = 3;

/** The first of a patient's tags, in the order of their categories, and how many more there are. */
export function Tags({ ids }: { ids: readonly string[] }) {
  const { t } = useWords();
  const tags = inOrder(useTagsHere(), ids);
  const more = tags.length - SHOWN;
  return (
    <>
      {tags.slice(0, SHOWN).map((tag) => (
        <Label key={tag.id} {...tag} />
      ))}
      {more > 0 && (
        <Text component="span" size="xs" c="dimmed">
          <span aria-hidden>+{more}</span>
          <VisuallyHidden>{t("tag.others", { count: more })}</VisuallyHidden>
        </Text>
      )}
    </>
  );
}
