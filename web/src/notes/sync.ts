import { Problem } from "../api/problem";
import type { Unsaved } from "../saving/unsaved";
import { isClash, merge, type Part, textOf } from "./merging";

const PAUSE_MS = 400;
/** Who types without a pause is saved this often. */
const LONGEST_TYPING_MS = 2_000;
const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 10_000;

/** Notes as the server keeps them. */
export interface Notes {
  text: string;
  version: number;
  saved_by: string | null;
}

/** What the notes of one entry need of the world. */
export interface Surroundings {
  /** Save what was made of a version; the same key again has no further effect. */
  save(text: string, base: number, key: string): Promise<Notes>;
  load(): Promise<Notes>;
  report(unsaved: Unsaved): void;
  /** The server keeps these. */
  kept(notes: Notes): void;
}

/** What a person has to choose between: their own notes and those of somebody else. */
export interface Disagreement {
  parts: Part[];
  theirs: Notes;
}

/** What is shown of the notes of one entry. */
export interface Shown {
  text: string;
  disagreement: Disagreement | null;
  /** Why they are not saved, when that does not pass by itself. */
  problem: unknown;
}

interface Sending {
  text: string;
  base: number;
  key: string;
}

/**
 * The notes of one entry as somebody types them: saved after a pause, what others save merged into them, and kept in
 * memory for as long as the server does not have them, whatever page is shown. Nothing is written to the browser's
 * storage.
 */
export class NotesSync {
  private readonly world: Surroundings;
  private readonly watchers = new Set<() => void>();
  private shown: Shown;
  /** What the typed text was made of. */
  private base: Pick<Notes, "text" | "version">;
  private sending: Sending | null = null;
  /** Whether an answer is waited for at this moment. */
  private underWay = false;
  private typedSince: number | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private failures = 0;
  private away = false;
  private paused = false;
  private composing = false;
  /** The newest version that was heard of. */
  private heard: number;
  private loading = false;

  constructor(world: Surroundings, notes: Notes) {
    this.world = world;
    this.base = notes;
    this.heard = notes.version;
    this.shown = { text: notes.text, disagreement: null, problem: null };
  }

  /** What is shown now; with `watch` it fits React's useSyncExternalStore. */
  current = (): Shown => this.shown;

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Whether there is something that the server does not have. */
  get pending(): boolean {
    return this.sending !== null || this.shown.disagreement !== null || this.shown.text !== this.base.text;
  }

  /** Whether nobody looks, and nothing waits. */
  get idle(): boolean {
    return this.watchers.size === 0 && !this.pending;
  }

  /** Somebody typed. */
  type(text: string): void {
    this.show({ text, problem: null });
    if (this.shown.disagreement !== null) this.rebase(this.base.text, this.shown.disagreement.theirs);
    this.typedSince ??= Date.now();
    const typing = Date.now() - this.typedSince;
    this.later(Math.max(0, Math.min(PAUSE_MS, LONGEST_TYPING_MS - typing)));
  }

  /** While a letter is composed of several keys, nothing is changed under somebody's fingers. */
  compose(composing: boolean): void {
    this.composing = composing;
    if (!composing) this.later(PAUSE_MS);
  }

  /** The server has notes of this version, or may have newer ones than are known here. */
  news(version: number | null): void {
    if (version !== null && version <= this.heard) return;
    this.heard = version ?? this.heard;
    void this.load();
  }

  /** The server said what the notes are. */
  take(notes: Notes): void {
    this.heard = Math.max(this.heard, notes.version);
    if (this.sending !== null || this.composing || notes.version <= this.base.version) return;
    this.rebase(this.base.text, notes);
  }

  /** Decide a disagreement: this is what the notes become, upon what the other wrote. */
  decide(text: string): void {
    const { disagreement } = this.shown;
    if (disagreement === null) return;
    this.base = disagreement.theirs;
    this.show({ text, disagreement: null });
    this.later(0);
  }

  /** Wait no longer, e.g. because the network is back. */
  flush(): void {
    if (this.pending && !this.paused) this.later(0);
  }

  /** Nobody is signed in: keep what is typed until somebody is. */
  pause(): void {
    this.paused = true;
    this.stopTimer();
  }

  resume(): void {
    this.paused = false;
    this.flush();
  }

  /** Let go of everything. */
  close(): void {
    this.pause();
    this.world.report({ changes: 0, away: false });
  }

  private later(ms: number): void {
    this.stopTimer();
    if (!this.paused) this.timer = setTimeout(() => void this.go(), ms);
    this.tell();
  }

  /** Save what was typed, or the same again whose answer was lost; where nothing was, look what others saved. */
  private async go(): Promise<void> {
    this.stopTimer();
    if (this.paused || this.composing || this.underWay || this.shown.disagreement !== null) return;
    if (this.sending === null && this.shown.text === this.base.text) {
      if (this.heard > this.base.version) await this.load();
      return;
    }
    this.sending ??= { text: this.shown.text, base: this.base.version, key: crypto.randomUUID() };
    await this.send(this.sending);
  }

  private async send(sending: Sending): Promise<void> {
    this.typedSince = null;
    this.underWay = true;
    try {
      const notes = await this.world.save(sending.text, sending.base, sending.key);
      this.saved(sending, notes);
    } catch (error) {
      this.notSaved(error);
    } finally {
      this.underWay = false;
    }
    this.tell();
  }

  private saved(sending: Sending, notes: Notes): void {
    this.sending = null;
    this.away = false;
    this.failures = 0;
    this.heard = Math.max(this.heard, notes.version);
    this.rebase(sending.text, notes);
    if (this.heard > notes.version) void this.load();
  }

  private notSaved(error: unknown): void {
    const code = error instanceof Problem ? error.code : "";
    if (code === "not_signed_in") {
      this.pause();
    } else if (code === "notes_conflict") {
      this.sending = null;
      this.heard = Math.max(this.heard, Number((error as Problem).facts.version));
      void this.load();
    } else if (error instanceof Problem && (error.passes || error.status >= 500)) {
      this.away = true;
      const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.failures++);
      this.later(Math.max(wait, (error.retryAfter ?? 0) * 1000));
    } else {
      this.sending = null;
      this.show({ problem: error });
    }
  }

  /** Take over what the server has: what is typed here goes on from it, or clashes with it. */
  private rebase(from: string, notes: Notes): void {
    this.world.kept(notes);
    const parts = merge(from, this.shown.text, notes.text);
    const text = textOf(parts);
    if (text === null) {
      this.base = { text: from, version: this.base.version };
      this.show({ disagreement: { parts, theirs: notes } });
    } else {
      this.base = notes;
      this.show({ text, disagreement: null });
      if (text !== notes.text && this.timer === null) this.later(PAUSE_MS);
    }
  }

  private async load(): Promise<void> {
    if (this.loading || this.sending !== null || this.composing || this.paused) return;
    this.loading = true;
    let wait = PAUSE_MS;
    try {
      this.take(await this.world.load());
    } catch (error) {
      // what may not be read any more is told by the page
      if (!(error instanceof Problem && error.passes)) return this.show({ problem: error });
      wait = LONGEST_TYPING_MS;
    } finally {
      this.loading = false;
    }
    if (this.heard > this.base.version && this.shown.disagreement === null) this.later(wait);
  }

  private show(change: Partial<Shown>): void {
    this.shown = { ...this.shown, ...change };
    for (const watcher of this.watchers) watcher();
    this.tell();
  }

  private tell(): void {
    this.world.report({ changes: this.pending ? 1 : 0, away: this.away });
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

/** The notes that come of choosing, for each clash in order, whose paragraphs stay; `both` puts the other's first. */
export function chosen(parts: readonly Part[], choices: readonly ("ours" | "theirs" | "both")[]): string {
  let clash = 0;
  return parts
    .flatMap((part) => {
      if (!isClash(part)) return part;
      const choice = choices[clash++];
      return choice === "both" ? [...part.theirs, ...part.ours] : part[choice ?? "ours"];
    })
    .join("\n");
}
