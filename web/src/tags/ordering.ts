import type { TagList, TagOrder } from "../api/schema";

/** A list with one item at another place. */
export function movedTo<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = items.toSpliced(from, 1);
  const item = items[from];
  return item === undefined ? [...items] : rest.toSpliced(Math.max(0, Math.min(to, rest.length)), 0, item);
}

/** A list of tags whose categories, or whose tags of one category, are in another order. */
export function reordered(list: TagList, category: string | null, from: number, to: number): TagList {
  if (category === null) return { ...list, categories: movedTo(list.categories, from, to) };
  const categories = list.categories.map((one) =>
    one.id === category ? { ...one, tags: movedTo(one.tags, from, to) } : one,
  );
  return { ...list, categories };
}

/** The order of a list as the server takes it. */
export function orderOf({ site, categories }: TagList): TagOrder {
  return { site, categories: categories.map(({ id, tags }) => ({ id, tags: tags.map((tag) => tag.id) })) };
}
