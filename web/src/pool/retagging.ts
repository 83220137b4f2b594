import type { ImageView } from "../api/schema";

/** Tags to give photographs, and to take from them. */
export interface Retagging {
  images: string[];
  add: string[];
  remove: string[];
}

/** How many of some photographs have a tag. */
export type Share = "all" | "some" | "none";

/** What the photographs have in common, by tag; what none of them has is left out. */
export function sharesOf(images: readonly ImageView[]): ReadonlyMap<string, Share> {
  const counts = new Map<string, number>();
  for (const { tags = [] } of images) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return new Map([...counts].map(([tag, count]) => [tag, count === images.length ? "all" : "some"]));
}

/** What undoes a change of tags: only what it really changed, so that photographs which had a tag before keep it. */
export function undoing(images: readonly ImageView[], { add, remove }: Pick<Retagging, "add" | "remove">): Retagging[] {
  const alike = new Map<string, Retagging>();
  for (const { id, tags = [] } of images) {
    const back = { add: remove.filter((tag) => tags.includes(tag)), remove: add.filter((tag) => !tags.includes(tag)) };
    if (back.add.length + back.remove.length === 0) continue;
    const key = JSON.stringify(back);
    const same = alike.get(key);
    if (same === undefined) alike.set(key, { images: [id], ...back });
    else same.images.push(id);
  }
  return [...alike.values()];
}
