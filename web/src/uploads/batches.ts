import { isSettled, type Upload } from "./upload";

/** What became of the files that were added together, in the order they settled. Never empty. */
export type SettledBatch = readonly Upload[];

interface Batch {
  readonly open: Set<string>;
  readonly settled: Map<string, Upload>;
}

/** Tells each batch once, when all of its files are settled. Those that were cancelled are not part of it any more. */
export class Batches {
  private readonly batches = new Map<string, Batch>();
  private readonly untold: SettledBatch[] = [];
  private listener: ((batch: SettledBatch) => void) | null = null;

  /** Be told of settled batches, also of those that settled while nobody listened. Returns how to stop that. */
  listen = (listener: (batch: SettledBatch) => void): (() => void) => {
    this.listener = listener;
    for (const batch of this.untold.splice(0)) listener(batch);
    return () => {
      if (this.listener === listener) this.listener = null;
    };
  };

  isOpen(batch: string): boolean {
    return this.batches.has(batch);
  }

  /** Expect these uploads of one batch to settle. */
  open(batch: string, ids: readonly string[]): void {
    if (ids.length > 0) this.batches.set(batch, { open: new Set(ids), settled: new Map() });
  }

  /** An upload changed its state. */
  moved(upload: Upload): void {
    const batch = this.batches.get(upload.batch);
    if (batch === undefined) return;
    if (isSettled(upload)) {
      batch.open.delete(upload.id);
      batch.settled.set(upload.id, upload);
    } else {
      batch.open.add(upload.id);
      batch.settled.delete(upload.id);
    }
    this.close(upload.batch, batch);
  }

  /** An upload left the list. What was settled already still counts. */
  left(upload: Upload): void {
    const batch = this.batches.get(upload.batch);
    if (batch?.open.delete(upload.id)) this.close(upload.batch, batch);
  }

  clear(): void {
    this.batches.clear();
    this.untold.length = 0;
  }

  private close(id: string, batch: Batch): void {
    if (batch.open.size > 0) return;
    this.batches.delete(id);
    if (batch.settled.size === 0) return;
    const settled = [...batch.settled.values()];
    if (this.listener === null) this.untold.push(settled);
    else this.listener(settled);
  }
}
