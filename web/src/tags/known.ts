import type { TagCategoryView, TagColour } from "../api/schema";

/** A tag with what its category says of it. */
export interface KnownTag {
  id: string;
  name: string;
  category: string;
  colour: TagColour;
  /** It, or its category: it is not assigned any more. */
  retired: boolean;
}

/** The tags of some categories by their ids, in their order. */
export function byId(categories: readonly TagCategoryView[]): ReadonlyMap<string, KnownTag> {
  return new Map(
    categories.flatMap(({ name: category, colour, retired, tags }) =>
      tags.map((tag) => [tag.id, { id: tag.id, name: tag.name, category, colour, retired: retired || tag.retired }]),
    ),
  );
}

/** Some tags as they are known, in the order of their categories; those that are not known are left out. */
export function inOrder(known: ReadonlyMap<string, KnownTag>, ids: readonly string[]): KnownTag[] {
  const wanted = new Set(ids);
  return [...known.values()].filter(({ id }) => wanted.has(id));
}
