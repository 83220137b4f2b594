import { Problem } from "../api/problem";
import { reportUnsaved } from "./unsaved";

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 15_000;

/** What saving one field needs and tells. */
export interface Field<T> {
  /** Resolves once the server keeps the value. */
  send(value: T): Promise<void>;
  /** The server does not want it, or somebody else was faster: the value is given up. */
  refused(error: unknown): void;
}

/**
 * Keeps the newest value of one field: after a pause in typing, one request at a time, again until the server has
 * confirmed or refused it. Says in the save status what is pending.
 */
export class Autosave<T> {
  private readonly name: string;
  private readonly field: Field<T>;
  private readonly pauseMs: number;
  private waiting: { value: T } | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private wake: (() => void) | null = null;
  private sent: { value: T } | null = null;
  private sending = false;

  constructor(name: string, field: Field<T>, pauseMs = 700) {
    this.name = name;
    this.field = field;
    this.pauseMs = pauseMs;
  }

  /** Whether something is not kept by the server yet. */
  get pending(): boolean {
    return this.waiting !== null || this.sending;
  }

  /** While something is sent: whether something else waits to be sent after it. */
  get isNewer(): boolean {
    return this.waiting !== this.sent;
  }

  /** Keep this instead of what was there before. */
  set(value: T): void {
    this.waiting = { value };
    this.report(false);
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.go(), this.pauseMs);
  }

  /** Do not send what waits: it is no value any more. */
  forget(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.waiting = null;
    this.report(false);
  }

  /** Wait no longer. */
  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.wake?.();
    void this.go();
  }

  private async go(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    for (let failures = 0; this.waiting !== null; ) {
      const sent = this.waiting;
      this.sent = sent;
      try {
        await this.field.send(sent.value);
        failures = 0;
        this.settle(sent);
      } catch (error) {
        if (error instanceof Problem && error.passes) {
          this.report(true);
          await this.aPause(error.retryAfter ?? 0, ++failures);
        } else {
          this.settle(sent);
          this.field.refused(error);
        }
      }
    }
    this.sending = false;
    this.report(false);
  }

  /** What was sent waits no longer, unless something else was set meanwhile. */
  private settle(sent: { value: T }): void {
    if (this.waiting === sent) this.waiting = null;
  }

  private report(away: boolean): void {
    reportUnsaved(this.name, { changes: this.pending ? 1 : 0, away });
  }

  private aPause(seconds: number, failures: number): Promise<void> {
    const ms = Math.min(LONGEST_PAUSE_MS, Math.max(seconds * 1000, FIRST_PAUSE_MS * 2 ** failures));
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      const wake = () => done();
      function done(): void {
        clearTimeout(timer);
        removeEventListener("online", wake);
        resolve();
      }
      this.wake = wake;
      addEventListener("online", wake);
    });
  }
}
