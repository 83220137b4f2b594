import { processAgain } from "./again";
import { Batches } from "./batches";
import { UploadList } from "./list";
import { Outcomes } from "./outcomes";
import { Previews } from "./previews";
import { type Obstacle, Sender } from "./sender";
import type { Surroundings } from "./surroundings";
import {
  advanced,
  isSettled,
  isUnsent,
  mayRetry,
  type Upload,
  type UploadNews,
  type UploadProblem,
  waiting,
} from "./upload";

/** What a file may be: at most so many bytes. */
export interface UploadLimits {
  readonly bytes: number;
}

/**
 * The photographs on their way into pools. Lives as long as the page: uploads go on while their user visits other
 * patients. A file is sent until the server has said what becomes of it.
 */
export class UploadQueue {
  private readonly around: Surroundings;
  private readonly list = new UploadList();
  private readonly files = new Map<string, File>();
  private readonly batches = new Batches();
  private readonly sender: Sender;
  private readonly outcomes: Outcomes;
  private readonly previews: Previews;
  private user: string | null = null;

  readonly watch = this.list.watch;
  readonly all = this.list.all;
  readonly now = this.list.now;
  readonly get = this.list.get;
  readonly onBatch = this.batches.listen;

  constructor(around: Surroundings) {
    this.around = around;
    const tell = (id: string, news: UploadNews) => this.tell(id, news);
    this.sender = new Sender(around, {
      waiting: () => this.all().filter(({ id }) => this.get(id)?.state === "waiting"),
      file: (id) => this.files.get(id),
      tell,
      signedOut: () => around.signedOut(),
    });
    this.outcomes = new Outcomes({
      follow: (patient, listener) => around.follow(patient, listener),
      images: (patient, ids) => around.images(patient, ids),
      upload: this.get,
      tell,
    });
    this.previews = new Previews({
      picture: around.picture,
      release: around.release,
      tell: (id, preview) => tell(id, { type: "pictured", preview }),
    });
  }

  /** Upload files to a patient's pool, as one batch: what cannot be taken is refused one by one. */
  add(patient: string, files: readonly File[], limits: UploadLimits): void {
    if (files.length === 0) return;
    const batch = crypto.randomUUID();
    const addedAt = Date.now();
    const added = files.map((file) => {
      const id = crypto.randomUUID();
      this.files.set(id, file);
      return waiting({ id, patient, batch, name: file.name, size: file.size, addedAt });
    });
    this.batches.open(
      batch,
      added.map(({ id }) => id),
    );
    for (const upload of added) {
      this.list.put(upload);
      const problem = tooMuchOrNothing(upload.size, limits);
      if (problem === null) this.outcomes.follow(upload);
      else this.tell(upload.id, { type: "refused", problem });
    }
    this.sender.fill();
  }

  /** Have a preview made, if that is possible. Returns how to take that back. */
  wantPreview(id: string): () => void {
    const file = this.files.get(id);
    return file === undefined ? () => {} : this.previews.want(id, file);
  }

  /** What keeps files from being sent at the moment. */
  get obstacle(): Obstacle | null {
    return this.sender.obstacle;
  }

  /** Begin no transfers until `resume`; those that run go on. */
  pause(): void {
    this.sender.pause();
    this.list.tell(true);
  }

  resume(): void {
    this.sender.resume();
    this.list.tell(true);
  }

  /** Try again what the system failed to do, or what a person has cleared the way for. */
  retry(id: string): void {
    const upload = this.get(id);
    if (upload !== undefined && mayRetry(upload)) this.again([upload]);
  }

  retryFailed(): void {
    this.again(this.all().filter(({ state }) => state === "failed"));
  }

  /** Take an upload out of the list; one that is not sent yet is cancelled. */
  remove(id: string): void {
    const upload = this.get(id);
    if (upload === undefined) return;
    this.drop(upload);
    this.batches.left(upload);
    this.sender.fill();
  }

  /** Take out what is settled for good. */
  clearFinished(): void {
    for (const upload of this.all()) if (isSettled(upload) && upload.state !== "failed") this.drop(upload);
  }

  /** Forget everything, a pause as well: the user signs out. */
  clear(): void {
    this.batches.clear();
    for (const upload of this.all()) this.drop(upload);
    this.sender.resume();
  }

  /** Send nothing until somebody signs in. */
  awaitSignIn(): void {
    this.sender.awaitSignIn();
    this.outcomes.halt();
    this.list.tell(true);
  }

  /** A user signed in: go on with that user's files. Those of somebody else are forgotten, not sent in another name. */
  resumeAfterSignIn(user: string): void {
    if (this.user !== null && this.user !== user) this.clear();
    this.user = user;
    this.sender.signedIn();
    this.outcomes.wake();
    this.list.tell(true);
  }

  /** Whether the browser has a network. */
  network(online: boolean): void {
    this.sender.network(online);
    this.list.tell(true);
  }

  /** There is reason to believe that the gateway answers again. */
  wake(): void {
    this.sender.wake();
    this.outcomes.wake();
  }

  private tell(id: string, news: UploadNews): void {
    const before = this.get(id);
    if (before === undefined) return;
    const now = advanced(before, news);
    if (now === before) return;
    this.list.put(now);
    if (now.state !== before.state) this.moved(now);
  }

  private moved(now: Upload): void {
    if (!isUnsent(now)) this.sender.forget(now.id);
    if (isSettled(now)) this.outcomes.forget(now);
    else this.outcomes.follow(now);
    // what was refused or failed may be sent again
    if (now.state === "added" || now.state === "duplicate" || now.state === "rejected") this.files.delete(now.id);
    this.batches.moved(now);
  }

  private drop(upload: Upload): void {
    this.sender.forget(upload.id);
    this.outcomes.forget(upload);
    this.previews.forget(upload.id);
    this.files.delete(upload.id);
    this.list.drop(upload.id);
  }

  /** Try uploads again. Those whose batch was told already are one of their own then: no batch is told twice. */
  private again(uploads: readonly Upload[]): void {
    const told = uploads.filter(({ batch }) => !this.batches.isOpen(batch));
    const batch = crypto.randomUUID();
    this.batches.open(
      batch,
      told.map(({ id }) => id),
    );
    for (const upload of told) this.list.put({ ...upload, batch });
    for (const upload of uploads) {
      if (upload.state === "failed") void this.processAgain(upload);
      else this.tell(upload.id, { type: "restarted" });
    }
    this.sender.fill();
  }

  private async processAgain(upload: Upload): Promise<void> {
    this.tell(upload.id, { type: "retried" });
    const news = await processAgain(upload, this.around.retry, this.files.has(upload.id));
    if (news === null) this.outcomes.wake();
    else this.tell(upload.id, news);
    this.sender.fill();
  }
}

function tooMuchOrNothing(size: number, limits: UploadLimits): UploadProblem | null {
  if (size === 0) return { code: "empty_file", sentence: "" };
  return size > limits.bytes ? { code: "too_large", sentence: "", limit: limits.bytes } : null;
}
