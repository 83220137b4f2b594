import type { ImageView } from "../api/schema";

/** A stored version of a photograph that a browser can show. */
export interface Source {
  address: string;
  /** Its long edge. */
  pixels: number;
  /** Whether it holds every pixel of the photograph, as the camera made them. */
  original: boolean;
}

const SHOWN_AS_THEY_ARE = new Set(["image/jpeg", "image/png", "image/webp", "image/avif"]);
/** As a whole a rendition a little smaller than what is needed serves as well; nobody sees two per cent. */
const ENOUGH = 0.98;
/** Sizes on the screen are not whole numbers. */
const ROUNDING = 0.5;

/** Where a rendition is. The revision makes a new address of a new version, which no cache has. */
export function renditionAddress(image: Pick<ImageView, "id" | "patient" | "revision">, size: number | "full"): string {
  return `/api/v1/patients/${image.patient}/images/${image.id}/renditions/${size}?revision=${image.revision}`;
}

/** Where the file is that stands as people turned the photograph, with all its pixels. */
export function rotatedAddress(image: ImageView): string {
  return `${originalAddress(image)}?rotated=true&revision=${image.revision}`;
}

/** Where the uploaded file is. */
export function originalAddress(image: ImageView): string {
  return `/api/v1/patients/${image.patient}/images/${image.id}/original`;
}

/** Everything that can be shown of a photograph, smallest first. */
export function sourcesOf(image: ImageView): Source[] {
  const smaller = image.renditions
    .flatMap(({ size, width, height }) => (size === "full" ? [] : [{ size, pixels: Math.max(width, height) }]))
    .sort((a, b) => a.size - b.size)
    .map(({ size, pixels }) => ({ address: renditionAddress(image, size), pixels, original: false }));
  const whole = wholeAddress(image);
  if (whole === null) return smaller;
  return [...smaller, { address: whole, pixels: Math.max(image.width ?? 0, image.height ?? 0), original: true }];
}

/** The full rendition, which exists where no browser would show the file itself truly; else the file, which of a turned
 * photograph shows it as it stands where browsers heed what the file says of that: a JPEG.
 */
function wholeAddress(image: ImageView): string | null {
  if (image.renditions.some(({ size }) => size === "full")) return renditionAddress(image, "full");
  if (image.rotation !== 0) return image.media_type === "image/jpeg" ? rotatedAddress(image) : null;
  return SHOWN_AS_THEY_ARE.has(image.media_type ?? "") ? originalAddress(image) : null;
}

/** The smallest sufficient source for a long edge of so many pixels of the screen. Of a closer look from 1 : 1 on that is
 * the original, since renditions are lossy; as a whole, the largest rendition does.
 */
export function sufficient(sources: readonly Source[], needed: number, closer: boolean): Source | undefined {
  const least = closer ? needed - ROUNDING : needed * ENOUGH;
  const original = sources.find((source) => source.original);
  if (closer && original !== undefined && needed >= original.pixels - ROUNDING) return original;
  const renditions = sources.filter((source) => !source.original);
  return renditions.find(({ pixels }) => pixels >= least) ?? (closer ? original : undefined) ?? renditions.at(-1);
}
