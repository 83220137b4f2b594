import { Problem } from "../api/problem";
import type { ImageView } from "../api/schema";
import type { LiveNews } from "../live/connection";
import { awaited, type Upload, type UploadNews } from "./upload";
import { verdict } from "./verdict";

const ASK_MS = 15_000;
const LONGEST_MS = 120_000;
const ASKED_AT_ONCE = 100;

/** How outcomes are learned, and who is told. */
export interface Learning {
  follow(patient: string, listener: (news: LiveNews) => void): () => void;
  /** What the server says of these photographs, as far as they exist. */
  images(patient: string, ids: readonly string[]): Promise<readonly ImageView[]>;
  upload(id: string): Upload | undefined;
  tell(id: string, news: UploadNews): void;
}

interface Followed {
  readonly uploads: Set<string>;
  readonly stop: () => void;
}

/**
 * What becomes of uploads on the server: from events while they come, and by asking when none came for a while or some
 * may have been missed.
 */
export class Outcomes {
  private readonly learning: Learning;
  private readonly followed = new Map<string, Followed>();
  /** The newest version heard of, by photograph. */
  private readonly versions = new Map<string, number>();
  /** Uploads of which an event said that they were rejected; the sentence that goes with it is asked for. */
  private readonly rejected = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pause = ASK_MS;
  private asking = false;
  private askAgain = false;
  private halted = false;

  constructor(learning: Learning) {
    this.learning = learning;
  }

  /** Follow an upload that is not settled. */
  follow(upload: Upload): void {
    let patient = this.followed.get(upload.patient);
    if (patient === undefined) {
      const hear = (news: LiveNews) => this.hear(upload.patient, news);
      patient = { uploads: new Set(), stop: this.learning.follow(upload.patient, hear) };
      this.followed.set(upload.patient, patient);
    }
    patient.uploads.add(upload.id);
    if (upload.state === "processing" && this.timer === undefined) this.askLater();
  }

  forget(upload: Upload): void {
    this.rejected.delete(upload.id);
    // what failed may be retried: its failure, told twice, must not count for the second try
    if (upload.state !== "failed") this.versions.delete(awaited(upload));
    const patient = this.followed.get(upload.patient);
    patient?.uploads.delete(upload.id);
    if (patient?.uploads.size !== 0) return;
    patient.stop();
    this.followed.delete(upload.patient);
    if (this.followed.size > 0) return;
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Ask nothing until woken: nobody is signed in. */
  halt(): void {
    this.halted = true;
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Ask now: answers can be had again, or some were missed. */
  wake(): void {
    this.halted = false;
    this.pause = ASK_MS;
    void this.ask();
  }

  private hear(patient: string, news: LiveNews): void {
    if (news.type === "resync") {
      void this.ask();
      return;
    }
    const { image, version } = news.data;
    if (typeof image !== "string" || typeof version !== "number") return;
    if (version <= (this.versions.get(image) ?? 0)) return;
    const concerned = this.uploads(patient).filter((upload) => awaited(upload) === image);
    if (concerned.length === 0) return;
    this.versions.set(image, version);
    this.pause = ASK_MS;
    if (this.timer !== undefined) this.askLater();
    for (const { id } of concerned) this.apply(news.event, id);
  }

  private apply(event: string, id: string): void {
    if (event === "images.registered") this.learning.tell(id, { type: "registered" });
    if (event === "images.ingested") this.learning.tell(id, { type: "ingested" });
    if (event === "images.failed") {
      this.learning.tell(id, { type: "failed", problem: { code: "processing_failed", sentence: "" } });
    }
    if (event === "images.rejected") {
      this.rejected.add(id);
      void this.ask();
    }
  }

  private uploads(patient: string): Upload[] {
    return [...(this.followed.get(patient)?.uploads ?? [])]
      .map((id) => this.learning.upload(id))
      .filter((upload) => upload !== undefined);
  }

  private unknown(patient: string): Upload[] {
    return this.uploads(patient).filter(({ id, state }) => state === "processing" || this.rejected.has(id));
  }

  private askLater(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    // while it is being asked, what comes next is decided afterwards
    if (this.halted || this.asking) return;
    this.timer = setTimeout(() => {
      this.pause = Math.min(LONGEST_MS, this.pause * 2);
      void this.ask();
    }, this.pause);
  }

  /** Ask for what is being processed; once more when that is wanted again meanwhile. */
  private async ask(): Promise<void> {
    this.askAgain = this.asking;
    if (this.asking || this.halted) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.asking = true;
    try {
      do {
        this.askAgain = false;
        for (const patient of [...this.followed.keys()]) await this.askAbout(patient);
      } while (this.askAgain && !this.halted);
    } finally {
      this.asking = false;
    }
    if ([...this.followed.keys()].some((patient) => this.unknown(patient).length > 0)) this.askLater();
  }

  private async askAbout(patient: string): Promise<void> {
    const unknown = this.unknown(patient);
    for (let from = 0; from < unknown.length && !this.halted; from += ASKED_AT_ONCE) {
      await this.learn(patient, unknown.slice(from, from + ASKED_AT_ONCE));
    }
  }

  private async learn(patient: string, unknown: readonly Upload[]): Promise<void> {
    try {
      const images = await this.learning.images(patient, [...new Set(unknown.map(awaited))]);
      const byId = new Map(images.map((image) => [image.id, image]));
      for (const upload of unknown) {
        const image = byId.get(awaited(upload));
        const gone = { code: "not_found", sentence: "" };
        this.learning.tell(upload.id, image ? { type: "seen", image } : { type: "refused", problem: gone });
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (verdict(error) !== "refused") return;
      const problem = { code: error.code, sentence: error.detail };
      for (const { id } of unknown) this.learning.tell(id, { type: "refused", problem });
    }
  }
}
