import { api } from "../api/client";
import type { paths } from "../api/schema";
import { type Filters, queryOf } from "./filters";

type Asked = NonNullable<paths["/api/v1/trail/export"]["get"]["parameters"]["query"]>;
export type Format = NonNullable<Asked["format"]>;

export const FORMATS = ["csv", "jsonl", "fhir"] as const satisfies readonly Format[];

/** Lines that are no record: the heading of a table, the last line of JSON Lines. */
const LINES_BESIDE: Record<Format, number> = { csv: 1, jsonl: 1, fhir: 0 };
const LINE_FEED = 10;
/** Above this, what has arrived is handed to the browser, which may put it on the disk. */
const HELD_BYTES = 8 * 2 ** 20;
/** The browser has begun to read the file by then. */
const RELEASED_AFTER_MS = 60_000;

export interface Progress {
  records: number;
  bytes: number;
}

export interface Exported extends Progress {
  name: string;
  file: Blob;
}

/** What arrived is not the whole export. */
export class CutOff extends Error {}

/**
 * Have exported what the filters let through. Rejects with a Problem where it is refused, with CutOff where it ends on
 * the way, with an AbortError where it is cancelled; resolves to nothing less than the whole.
 */
export async function exportTrail(
  format: Format,
  filters: Filters,
  progressed: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Exported> {
  const query = { format, ...queryOf(filters) };
  const { data, response } = await api.GET("/api/v1/trail/export", { params: { query }, parseAs: "stream", signal });
  if (data == null) throw new CutOff();
  const arrived = await collect(data, LINES_BESIDE[format], progressed, signal);
  return { name: nameIn(response.headers) ?? `audit-trail.${format}`, ...arrived };
}

/** Everything that a stream brings, and how many records that is, but for so many lines. */
export async function collect(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  beside: number,
  progressed: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Progress & { file: Blob }> {
  const whole: Blob[] = [];
  let held: Uint8Array<ArrayBuffer>[] = [];
  let [bytes, heldBytes, lines] = [0, 0, 0];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw signal.aborted ? error : new CutOff();
    });
    if (done) break;
    held.push(value);
    bytes += value.length;
    heldBytes += value.length;
    lines += value.reduce((sum, byte) => sum + (byte === LINE_FEED ? 1 : 0), 0);
    if (heldBytes > HELD_BYTES) {
      whole.push(new Blob(held));
      [held, heldBytes] = [[], 0];
    }
    progressed({ records: Math.max(0, lines - beside), bytes });
  }
  return { file: new Blob([...whole, ...held]), records: Math.max(0, lines - beside), bytes };
}

/** What the server calls the file. */
export function nameIn(headers: Headers): string | null {
  return /filename="([^"]+)"/.exec(headers.get("content-disposition") ?? "")?.[1] ?? null;
}

/** Give the file to whoever asked for it, as a download. */
export function save({ name, file }: Exported): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), RELEASED_AFTER_MS);
}
