import { Problem } from "../api/problem";
import { delay, Pace } from "./pace";
import type { Send } from "./transfer";
import type { Upload, UploadNews, UploadProblem } from "./upload";
import { verdict } from "./verdict";

/** What keeps waiting files from being sent at the moment. */
export type Obstacle = "paused" | "signed_out" | "offline" | "unreachable";

/** Where the sender finds files, and whom it tells what becomes of them. */
export interface Sending {
  waiting(): Iterable<Upload>;
  file(id: string): File | undefined;
  tell(id: string, news: UploadNews): void;
  /** The gateway says that nobody is signed in. */
  signedOut(): void;
}

export interface Ways {
  send: Send;
  /** What is wrong with a file as far as can be told before it is sent. */
  look(file: File): Promise<UploadProblem | null>;
}

interface Trouble {
  readonly tries: number;
  /** Not before, in milliseconds since the epoch. */
  readonly due: number;
}

/** Sends waiting files, a few at a time, in their order, as often as it takes. */
export class Sender {
  private readonly ways: Ways;
  private readonly queue: Sending;
  private readonly running = new Map<string, AbortController>();
  private readonly troubles = new Map<string, Trouble>();
  private readonly pace = new Pace();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private paused = false;
  private signedOut = false;
  private offline = false;

  constructor(ways: Ways, queue: Sending) {
    this.ways = ways;
    this.queue = queue;
  }

  get obstacle(): Obstacle | null {
    if (this.signedOut) return "signed_out";
    if (this.paused) return "paused";
    if (this.offline) return "offline";
    return this.pace.troubled ? "unreachable" : null;
  }

  /** Begin no transfers; those that run go on. */
  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.wake();
  }

  /** Begin no transfers until somebody signs in. */
  awaitSignIn(): void {
    this.signedOut = true;
  }

  signedIn(): void {
    this.signedOut = false;
    this.wake();
  }

  network(online: boolean): void {
    this.offline = !online;
    if (online) this.wake();
  }

  /** There is reason to believe that the gateway answers: wait no longer. */
  wake(): void {
    this.pace.wake();
    for (const [id, { tries }] of this.troubles) this.troubles.set(id, { tries, due: 0 });
    this.fill();
  }

  /** An upload needs no sending any more. */
  forget(id: string): void {
    this.troubles.delete(id);
    const transfer = this.running.get(id);
    this.running.delete(id);
    transfer?.abort();
  }

  /** Begin as many transfers as may run, and come back when the next one may. */
  fill(): void {
    clearTimeout(this.timer);
    if (this.paused || this.signedOut || this.offline) return;
    const now = Date.now();
    let next = Number.POSITIVE_INFINITY;
    for (const upload of this.queue.waiting()) {
      if (this.running.size >= this.pace.places) return;
      const due = Math.max(this.pace.opens, this.troubles.get(upload.id)?.due ?? 0);
      if (due > now) next = Math.min(next, due);
      else void this.run(upload);
    }
    if (Number.isFinite(next)) this.timer = setTimeout(() => this.fill(), next - now);
  }

  private async run(upload: Upload): Promise<void> {
    const { id } = upload;
    const file = this.queue.file(id);
    if (file === undefined) return;
    const transfer = new AbortController();
    this.running.set(id, transfer);
    this.queue.tell(id, { type: "begun" });
    const news = await this.attempt(upload, file, transfer.signal);
    if (news === null || this.running.get(id) !== transfer) return;
    this.running.delete(id);
    this.queue.tell(id, news);
    this.fill();
  }

  /** How the attempt ended; null when it was cut. */
  private async attempt(upload: Upload, file: File, cut: AbortSignal): Promise<UploadNews | null> {
    const fault = await this.ways.look(file);
    if (cut.aborted) return null;
    if (fault !== null) return { type: "refused", problem: fault };
    try {
      const progressed = (sent: number) => this.queue.tell(upload.id, { type: "progressed", sent });
      const { image } = await this.ways.send(upload, file, progressed, cut);
      this.pace.answered();
      return { type: "seen", image };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return cut.aborted ? null : this.trouble(upload.id, error);
    }
  }

  private trouble(id: string, met: Problem): UploadNews {
    const problem = { code: met.code, sentence: met.detail };
    const what = verdict(met);
    if (what === "system") this.pace.stumbled(met.retryAfter);
    else this.pace.answered();
    if (what === "refused") return { type: "refused", problem };
    if (what === "session") {
      this.signedOut = true;
      this.queue.signedOut();
    } else {
      const tries = (this.troubles.get(id)?.tries ?? 0) + 1;
      this.troubles.set(id, { tries, due: Date.now() + delay(tries, met.retryAfter) });
    }
    return { type: "postponed", problem };
  }
}
