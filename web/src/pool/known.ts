import { queryClient } from "../api/queries";
import type { EditedImage, ImageView } from "../api/schema";

/** Photographs of a patient as far as they are known here, newest effective date first as the server sends them. */
export interface Pool {
  images: ReadonlyMap<string, ImageView>;
  total: number;
  /** False while the first load is under way. */
  complete: boolean;
}

/** Where all photographs of a patient are kept, or those that the workspace of one entry holds: below all of them. */
export function keyOf(patient: string, entry?: string): string[] {
  return entry === undefined ? ["pool", patient] : ["pool", patient, entry];
}

/** What is known of a photograph, wherever it is shown. */
export function knownImage(patient: string, id: string): ImageView | undefined {
  const pools = queryClient.getQueriesData<Pool>({ queryKey: keyOf(patient) });
  return pools.map(([, pool]) => pool?.images.get(id)).find((image) => image !== undefined);
}

/** Put what the server just said of a photograph into what is shown. */
export function poolHas(image: ImageView): void {
  poolLearns(image.patient, [image]);
}

/** Put a change of a photograph into what is shown, before the server has said anything. */
export function poolChanges(patient: string, id: string, change: (image: ImageView) => ImageView): void {
  const image = knownImage(patient, id);
  if (image !== undefined) poolLearns(patient, [change(image)]);
}

/** Put what the server just said of changed photographs into what is shown. */
export function poolEdited(patient: string, edited: readonly EditedImage[]): void {
  const now = edited.flatMap(({ version: _, ...facts }) => {
    const image = knownImage(patient, facts.id);
    return image === undefined ? [] : [{ ...image, ...facts }];
  });
  poolLearns(patient, now);
}

/** Photographs are these now. Those that were asked for and not found are no more. */
export function poolLearns(patient: string, found: readonly ImageView[], asked: readonly string[] = []): void {
  const pools = queryClient.getQueriesData<Pool>({ queryKey: keyOf(patient) });
  for (const [key, pool] of pools) {
    const entry = key[2] as string | undefined;
    if (pool !== undefined) queryClient.setQueryData<Pool>(key, learned(pool, entry, found, asked));
  }
}

/** Photographs with what was learned of some: of an entry's workspace, with those only that it holds. */
export function learned(
  pool: Pool,
  entry: string | undefined,
  found: readonly ImageView[],
  asked: readonly string[],
): Pool {
  const images = new Map(pool.images);
  for (const id of asked) images.delete(id);
  for (const image of found) {
    const belongs = entry === undefined || image.entries.includes(entry);
    if (belongs && image.state !== "rejected") images.set(image.id, image);
    else if (entry !== undefined) images.delete(image.id);
  }
  return { ...pool, images, total: pool.complete ? images.size : pool.total };
}
