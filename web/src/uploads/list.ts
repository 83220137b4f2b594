import type { Upload } from "./upload";

const BETWEEN_MS = 400;

/** The uploads of this tab in the order they were added, for many to watch. */
export class UploadList {
  private readonly uploads = new Map<string, Upload>();
  private readonly watchers = new Set<() => void>();
  private listed: readonly Upload[] | null = [];
  private telling: ReturnType<typeof setTimeout> | null = null;
  private toldAt = 0;

  /** Be told when something changed, a few times a second at most. Returns how to stop that. */
  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** All of them. The array stays the same while nothing but progress is made, which `get` tells. */
  all = (): readonly Upload[] => {
    this.listed ??= [...this.uploads.values()];
    return this.listed;
  };

  /** All of them as they are now, progress included. */
  now = (): readonly Upload[] => [...this.uploads.values()];

  get = (id: string): Upload | undefined => this.uploads.get(id);

  /** Put a new upload at the end, or what became of one in its place. */
  put(upload: Upload): void {
    const before = this.uploads.get(upload.id);
    this.uploads.set(upload.id, upload);
    if (before?.state !== upload.state || before.preview !== upload.preview || before.batch !== upload.batch) {
      this.listed = null;
    }
    this.tell();
  }

  drop(id: string): void {
    if (!this.uploads.delete(id)) return;
    this.listed = null;
    this.tell(true);
  }

  /** Have watchers told: at once of what a person did, else a few times a second. */
  tell(atOnce = false): void {
    if (atOnce) this.tellIn(0);
    else if (this.telling === null) this.tellIn(Math.max(0, this.toldAt + BETWEEN_MS - Date.now()));
  }

  private tellIn(ms: number): void {
    if (this.telling !== null) clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      this.telling = null;
      this.toldAt = Date.now();
      for (const watcher of this.watchers) watcher();
    }, ms);
  }
}
