import { Problem } from "../api/problem";
import { isStale } from "../api/versions";
import { Autosave } from "../saving/autosave";
import type { Unsaved } from "../saving/unsaved";

const AGAIN_MS = 1_000;

/** A caption as the server keeps it. */
export interface Caption {
  caption: string;
  version: number;
}

/** What the draft of a caption needs of the world. */
export interface Surroundings {
  /** The name of the field among what is not saved. */
  name: string;
  save(caption: string, version: number): Promise<Caption>;
  load(): Promise<Caption>;
  report(name: string, unsaved: Unsaved): void;
  /** There is nothing any more that the server does not have. */
  done(): void;
}

/** What is shown of a caption that the server does not have. */
export interface Shown {
  text: string;
  /** What somebody else wrote meanwhile: a person has to choose. */
  theirs: Caption | null;
  /** Why it is not saved, when that does not pass by itself. */
  problem: unknown;
}

/**
 * A caption that was typed and is not kept by the server yet: saved by itself, and never given up. What somebody else
 * wrote meanwhile is neither overwritten nor does it replace what was typed: both are shown until somebody chooses.
 */
export class CaptionDraft {
  private readonly world: Surroundings;
  private readonly watchers = new Set<() => void>();
  private readonly autosave: Autosave<string>;
  /** What the typed text was made of. */
  private version: number;
  private shown: Shown;
  private closed = false;

  constructor(world: Surroundings, base: Caption) {
    this.world = world;
    this.version = base.version;
    this.shown = { text: base.caption, theirs: null, problem: null };
    this.autosave = new Autosave(world.name, {
      send: (text) => this.send(text),
      refused: (error) => void this.refused(error),
    });
  }

  current = (): Shown => this.shown;

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Somebody typed. While there is something to choose, nothing is sent. */
  type(text: string): void {
    this.show({ ...this.shown, text, problem: null });
    if (this.shown.theirs === null) this.autosave.set(text);
  }

  /** Wait no longer. */
  flush(): void {
    if (this.autosave.pending) this.autosave.flush();
  }

  /** Decide between the two: this is what the caption becomes. */
  decide(text: string): void {
    const { theirs } = this.shown;
    if (theirs === null) return;
    this.version = theirs.version;
    if (text === theirs.caption) {
      this.finish();
    } else {
      this.show({ text, theirs: null, problem: null });
      this.again();
    }
  }

  /** Send once more what was refused. */
  again(): void {
    if (this.shown.theirs !== null) return;
    this.show({ ...this.shown, problem: null });
    this.autosave.set(this.shown.text);
    this.autosave.flush();
  }

  /** Give up what was typed. */
  discard(): void {
    this.closed = true;
    this.autosave.forget();
    this.finish();
  }

  private async send(text: string): Promise<void> {
    const saved = await this.world.save(text, this.version);
    this.version = saved.version;
    if (!this.autosave.isNewer) this.finish();
  }

  private async refused(error: unknown): Promise<void> {
    if (!isStale(error)) return this.show({ ...this.shown, problem: error });
    // said before it is known what the other wrote: until then nothing is saved either
    this.stuck(true);
    try {
      const theirs = await this.learn();
      if (theirs.caption === this.shown.text.trim()) {
        this.version = theirs.version;
        this.finish();
      } else {
        this.autosave.forget();
        this.show({ ...this.shown, theirs });
      }
    } catch (problem) {
      this.show({ ...this.shown, problem });
    }
  }

  private async learn(): Promise<Caption> {
    for (;;) {
      try {
        return await this.world.load();
      } catch (error) {
        if (this.closed || !(error instanceof Problem && error.passes)) throw error;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  private finish(): void {
    this.stuck(false);
    this.world.done();
  }

  private show(shown: Shown): void {
    this.shown = shown;
    this.stuck(shown.theirs !== null || shown.problem !== null);
    for (const watcher of this.watchers) watcher();
  }

  private stuck(stuck: boolean): void {
    this.world.report(`${this.world.name}, stuck`, { changes: stuck ? 1 : 0, away: false, stuck: true });
  }
}
