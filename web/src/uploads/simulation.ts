import { vi } from "vitest";
import type { SettledBatch } from "./batches";
import { UploadQueue } from "./queue";
import { ANNA, SimulatedSurroundings } from "./simulated";
import type { Upload } from "./upload";

export const LIMITS = { bytes: 1_000 };

/** A file with nothing in it that matters. */
export function fileOf(name: string, size = 4): File {
  return new File([new Uint8Array(size)], name);
}

/** Let pass what happens without time passing. */
export async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

/** Let time pass. */
export async function pass(seconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(seconds * 1_000);
}

/** A queue in a world that a test decides about. Needs fake timers. */
export class Simulation {
  readonly around = new SimulatedSurroundings();
  readonly queue = new UploadQueue(this.around);
  /** The batches that were told. */
  readonly batches: SettledBatch[] = [];

  constructor() {
    this.queue.onBatch((batch) => this.batches.push(batch));
  }

  named(name: string): Upload | undefined {
    return this.queue.all().find((upload) => upload.name === name);
  }

  stateOf(name: string): Upload["state"] | undefined {
    return this.named(name)?.state;
  }

  idOf(name: string): string {
    return this.named(name)?.id ?? "";
  }

  /** Add files as one batch. */
  async added(...names: string[]): Promise<void> {
    this.queue.add(
      ANNA,
      names.map((name) => fileOf(name)),
      LIMITS,
    );
    await settle();
  }

  /** Add files that the server accepts. */
  async accepted(...names: string[]): Promise<void> {
    await this.added(...names);
    for (const name of names) {
      this.around.accept(name);
      await settle();
    }
  }
}
