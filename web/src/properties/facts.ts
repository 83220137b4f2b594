import type { CaptureFacts } from "../api/schema";

const FORMATS: Record<string, string> = {
  "image/jpeg": "JPEG",
  "image/png": "PNG",
  "image/webp": "WebP",
  "image/avif": "AVIF",
  "image/tiff": "TIFF",
  "image/gif": "GIF",
};

/** A media type as people call it; null where it is not known. */
export function formatName(mediaType: string | null): string | null {
  return mediaType === null ? null : (FORMATS[mediaType] ?? mediaType);
}

/** A number with at most so many decimals, in a language's way. */
export function formatNumber(value: number, decimals: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: decimals }).format(value);
}

/** Millions of pixels; two significant digits below one. */
export function formatMegapixels(width: number, height: number, language: string): string {
  const millions = (width * height) / 1e6;
  return millions < 1
    ? new Intl.NumberFormat(language, { maximumSignificantDigits: 2 }).format(millions)
    : formatNumber(millions, 1, language);
}

/** From here on photographers write seconds, not a fraction. */
const LONG_EXPOSURE = 0.3;

/** An exposure time in seconds as it stands on a camera: "1/125 s", "2.5 s". */
export function formatExposure(seconds: number, language: string): string {
  return seconds < LONG_EXPOSURE ? `1/${Math.round(1 / seconds)} s` : `${formatNumber(seconds, 1, language)} s`;
}

/** A camera's name; the make is not said twice ("Canon", "Canon EOS R5"). */
export function cameraName({
  camera_make,
  camera_model,
}: Pick<CaptureFacts, "camera_make" | "camera_model">): string | null {
  const [make, model] = [camera_make?.trim() ?? "", camera_model?.trim() ?? ""];
  if (model.toLowerCase().startsWith(make.toLowerCase())) return model || null;
  return [make, model].filter(Boolean).join(" ");
}

/** A checksum in groups that can be compared by eye. */
export function checksumGroups(sha256: string): string[] {
  return sha256.match(/.{1,8}/g) ?? [];
}
