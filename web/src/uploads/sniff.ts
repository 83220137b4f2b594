import type { UploadProblem } from "./upload";

const HEAD_BYTES = 12;
const LONGEST_READ_MS = 60_000;

/** Beginnings of the six accepted types, `.` standing for any byte. HEIF's relatives are for the server to tell apart. */
const BEGINNINGS = ["\xff\xd8\xff", "\x89PNG", "RIFF....WEBP", "GIF8", "....ftyp", "II*\0", "MM\0*", "II+\0", "MM\0+"];

/** What iPhones write unless told otherwise; where this is only one of several brands, the server tells. */
const HEIC = ["heic", "heix", "hevc", "hevx", "heim", "heis", "hevm", "hevs"];

/** Whether a file begins as HEIC does. */
function isHeic(head: Uint8Array): boolean {
  const text = String.fromCharCode(...head);
  return text.slice(4, 8) === "ftyp" && HEIC.includes(text.slice(8, 12));
}

/** Whether a file that begins so may be a photograph. */
export function mayBePhotograph(head: Uint8Array): boolean {
  return BEGINNINGS.some((begin) => [...begin].every((sign, at) => sign === "." || head[at] === sign.charCodeAt(0)));
}

/** What is wrong with a file as far as can be told before it is sent; null when the server has to decide. */
export async function look(file: File): Promise<UploadProblem | null> {
  const head = await read(file.slice(0, HEAD_BYTES));
  if (head === null) return { code: "file_unreadable", sentence: "" };
  if (isHeic(head)) return { code: "heic", sentence: "" };
  return mayBePhotograph(head) ? null : { code: "unsupported_type", sentence: "" };
}

/** The bytes; null when the file is gone, has changed since it was chosen, or its drive does not answer. */
async function read(part: Blob): Promise<Uint8Array | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), LONGEST_READ_MS);
  });
  try {
    const bytes = await Promise.race([part.arrayBuffer(), tooLong]);
    return bytes === null ? null : new Uint8Array(bytes);
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
