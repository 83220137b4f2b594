import type { ImageView } from "../api/schema";

/** The photographs that have any of the chosen tags; all of them while none is chosen (TAG-3). */
export function withAnyOf(
  images: ReadonlyMap<string, ImageView>,
  chosen: ReadonlySet<string>,
): ReadonlyMap<string, ImageView> {
  if (chosen.size === 0) return images;
  return new Map([...images].filter(([, image]) => image.tags?.some((tag) => chosen.has(tag))));
}

/** How many photographs have each tag. */
export function counted(images: ReadonlyMap<string, ImageView>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { tags = [] } of images.values()) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return counts;
}
