import { Problem } from "../api/problem";
import type { ImageView, UploadView } from "../api/schema";
import type { LiveNews } from "../live/connection";
import type { Surroundings } from "./surroundings";
import type { Upload } from "./upload";

export const ANNA = "11111111-1111-4111-8111-111111111111";
export const BERT = "22222222-2222-4222-8222-222222222222";

/** A photograph as the server shows it. */
export function imageView(id: string, facts: Partial<ImageView> = {}): ImageView {
  return {
    id,
    patient: ANNA,
    site: BERT,
    state: "processing",
    reason: null,
    message: null,
    file_name: "arm.jpg",
    media_type: "image/jpeg",
    bytes: 4,
    sha256: "",
    width: null,
    height: null,
    caption: "",
    caption_version: 0,
    effective_at: "2026-01-01T00:00:00Z",
    date_version: 0,
    place: "",
    rotation: 0,
    rotating: false,
    thumbhash: null,
    entries: [],
    moving: false,
    uploaded_at: "2026-01-01T00:00:00Z",
    uploaded_by: ANNA,
    capture: null,
    revision: 0,
    renditions: [],
    ...facts,
  };
}

/** A problem as the gateway answers with. */
export function problem(status: number, code: string, retryAfter: number | null = null): Problem {
  return new Problem({ status, code, title: code, detail: `${code} in words`, retryAfter });
}

/** One transfer that the queue began and the test ends. */
export interface SimulatedTransfer {
  upload: Upload;
  file: File;
  cut: AbortSignal;
  progressed: (sent: number) => void;
  answer: (view: UploadView) => void;
  fail: (problem: Problem) => void;
}

/** The world around a queue, for tests that decide what happens in it and when. */
export class SimulatedSurroundings implements Surroundings {
  readonly transfers: SimulatedTransfer[] = [];
  /** What the server holds, by id. */
  readonly stored = new Map<string, ImageView>();
  /** What was asked for, in order. */
  readonly asked: string[][] = [];
  readonly retried: string[] = [];
  readonly released: string[] = [];
  readonly listeners = new Map<string, (news: LiveNews) => void>();
  unreadable = new Set<string>();
  asking: Problem | null = null;
  retrying: Problem | null = null;
  signOuts = 0;
  private version = 0;

  look = async (file: File) => (this.unreadable.has(file.name) ? { code: "file_unreadable", sentence: "" } : null);

  send: Surroundings["send"] = (upload, file, progressed, cut) =>
    new Promise((answer, fail) => {
      this.transfers.push({ upload, file, cut, progressed, answer, fail });
      cut.addEventListener("abort", () => fail(Problem.unreachable()));
    });

  images: Surroundings["images"] = async (_patient, ids) => {
    this.asked.push([...ids]);
    if (this.asking !== null) throw this.asking;
    return ids.map((id) => this.stored.get(id)).filter((image) => image !== undefined);
  };

  retry: Surroundings["retry"] = async (_patient, image) => {
    this.retried.push(image);
    if (this.retrying !== null) throw this.retrying;
    return imageView(image);
  };

  follow: Surroundings["follow"] = (patient, listener) => {
    this.listeners.set(patient, listener);
    return () => this.listeners.delete(patient);
  };

  picture: Surroundings["picture"] = async (file) => `blob:${file.name}`;

  release = (preview: string) => void this.released.push(preview);

  signedOut = () => {
    this.signOuts += 1;
  };

  /** The newest transfer of a file. */
  of(name: string): SimulatedTransfer {
    const found = this.transfers.findLast(({ file }) => file.name === name);
    if (found === undefined) throw new Error(`${name} was not sent`);
    return found;
  }

  /** Answer that the file of a transfer was accepted. */
  accept(name: string): void {
    const { upload, answer } = this.of(name);
    answer({ outcome: "accepted", image: imageView(upload.id) });
  }

  /** Tell an event about a photograph. */
  event(name: string, image: string, version = ++this.version): void {
    this.listeners.get(ANNA)?.({
      type: "event",
      cursor: `e:${version}`,
      event: name,
      patient: ANNA,
      data: { image, version },
    });
  }
}
