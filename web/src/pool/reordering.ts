import { answered, api } from "../api/client";
import type { ImageView } from "../api/schema";
import type { Tile } from "./groups";
import { poolChanges } from "./known";
import type { Target } from "./places";

/** One after the other, so that the last one holds. */
let before: Promise<unknown> = Promise.resolve();

/** Have a photograph stand elsewhere among those of its date: shown at once, and taken back where it is refused. */
export async function reorder(patient: string, tile: Tile, { neighbour, place }: Target): Promise<void> {
  const was = tile.image?.place ?? "";
  const become = (facts: Partial<ImageView>) =>
    // unless it was moved again meanwhile
    poolChanges(patient, tile.id, (image) => (image.place === place ? { ...image, ...facts } : image));
  poolChanges(patient, tile.id, (image) => ({ ...image, place }));
  const path = { patient, image: tile.id };
  const sent = before.then(() =>
    answered(api.POST("/api/v1/patients/{patient}/images/{image}/place", { params: { path }, body: neighbour })),
  );
  before = sent.catch(() => null); // told below to who asked for it
  try {
    become({ place: (await sent).place });
  } catch (error) {
    become({ place: was });
    throw error;
  }
}
