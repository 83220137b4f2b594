import type { ImageView, WorkspaceChanges } from "../api/schema";
import { cut } from "../pool/portions";

/** What the server takes at once. */
const AT_ONCE = 200;

/** Whether a photograph is to be in a workspace. */
export interface Wish {
  image: ImageView;
  wanted: boolean;
}

/** Whether the workspace of an entry holds a photograph. */
export function holds(entry: string, image: ImageView): boolean {
  return image.entries.includes(entry);
}

/** A photograph that the workspace of an entry holds, or does not. */
export function become(entry: string, image: ImageView, wanted: boolean): ImageView {
  if (holds(entry, image) === wanted) return image;
  const others = image.entries.filter((one) => one !== entry);
  return { ...image, entries: wanted ? [...others, entry] : others };
}

/** What is wished when photographs are chosen together: all are to be there, or none where all are. */
export function toggling(entry: string, images: readonly ImageView[]): Wish[] {
  const missing = images.filter((image) => !holds(entry, image));
  return missing.length > 0
    ? missing.map((image) => ({ image, wanted: true }))
    : images.map((image) => ({ image, wanted: false }));
}

/** Wishes in parts that the server takes, each of which is fulfilled as a whole or not at all. */
export function parts(wishes: readonly Wish[]): { wishes: Wish[]; body: WorkspaceChanges }[] {
  const ids = (some: readonly Wish[], wished: boolean) =>
    some.filter(({ wanted }) => wanted === wished).map(({ image }) => image.id);
  return cut(wishes, AT_ONCE).map((some) => ({
    wishes: some,
    body: { add: ids(some, true), remove: ids(some, false) },
  }));
}
