import { Problem } from "../api/problem";
import type { Preferences } from "../api/schema";

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 60_000;
/** After so many attempts in vain it is worth a word. */
const TOLD_AFTER = 3;

/** What the saving of preferences needs and tells. */
export interface Surroundings {
  /** Resolves to all preferences once these changes are part of them. */
  send(changes: Preferences): Promise<Preferences>;
  /** The server has confirmed something; all preferences as they are to be shown now. */
  saved(now: Preferences): void;
  /** The server cannot be reached for a while; told once until it can be again. */
  delayed(): void;
  /** The server does not want what was chosen, which does not hold any longer. */
  refused(error: unknown): void;
}

/**
 * Sends what a user chose, one request at a time: what is chosen meanwhile goes along with the next. What could not be
 * sent is sent again until it is confirmed, or refused.
 */
export class Saving {
  private readonly around: Surroundings;
  private readonly waiting: Preferences;
  private changed = 0;
  private sending = false;
  private stopped = false;

  constructor(unsent: Preferences, around: Surroundings) {
    this.waiting = { ...unsent };
    this.around = around;
  }

  /** Whether nothing is sent any more. */
  get isOver(): boolean {
    return this.stopped;
  }

  /** What the server has not confirmed yet. */
  get unsent(): Preferences {
    return { ...this.waiting };
  }

  /** Keep these choices too. */
  add(changes: Preferences): void {
    Object.assign(this.waiting, changes);
    this.changed++;
    void this.go();
  }

  /** Ask the server what it keeps; what was chosen and not confirmed yet, or while it was asked, holds before that. */
  async heard(ask: () => Promise<Preferences>): Promise<Preferences> {
    for (;;) {
      const before = this.changed;
      const said = await ask();
      if (before === this.changed) return { ...said, ...this.waiting };
    }
  }

  /** Send what is waiting. */
  async go(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    for (let failures = 0; !this.stopped && Object.keys(this.waiting).length > 0; ) {
      const sent = { ...this.waiting };
      try {
        const said = await this.around.send(sent);
        failures = 0;
        this.settle(sent);
        this.around.saved({ ...said, ...this.waiting });
      } catch (error) {
        const code = error instanceof Problem ? error.code : "";
        if (code === "not_signed_in") this.stop();
        else if (error instanceof Problem && error.passes) {
          if (++failures === TOLD_AFTER) this.around.delayed();
          await aPause(error, failures);
        } else {
          this.settle(sent);
          this.around.refused(error);
        }
      }
    }
    this.sending = false;
  }

  /** Send nothing more: the session is not this user's any longer. */
  stop(): void {
    this.stopped = true;
  }

  /** Wait no longer for what was sent, unless something else was chosen meanwhile. */
  private settle(sent: Preferences): void {
    this.changed++;
    for (const name of Object.keys(sent) as (keyof Preferences)[]) {
      if (this.waiting[name] === sent[name]) delete this.waiting[name];
    }
  }
}

function aPause({ retryAfter }: Problem, failures: number): Promise<void> {
  const ms = Math.max((retryAfter ?? 0) * 1000, FIRST_PAUSE_MS * 2 ** failures);
  return new Promise((resolve) => setTimeout(resolve, Math.min(LONGEST_PAUSE_MS, ms)));
}
