import type { ImageView } from "../api/schema";
import type { LiveNews } from "../live/connection";
import type { Picture } from "./previews";
import type { Ways } from "./sender";

/** What the queue needs of the world around it. */
export interface Surroundings extends Ways {
  /** What the server says of these photographs, as far as they exist. */
  images(patient: string, ids: readonly string[]): Promise<readonly ImageView[]>;
  /** Ask the server to process a failed photograph again. */
  retry(patient: string, image: string): Promise<ImageView>;
  /** Be told of a patient's changes. Returns how to stop that. */
  follow(patient: string, listener: (news: LiveNews) => void): () => void;
  picture: Picture;
  release(preview: string): void;
  /** The gateway says that nobody is signed in. */
  signedOut(): void;
}
