/** Makes the address of a small version of a file; null where the browser cannot. */
export type Picture = (file: File) => Promise<string | null>;

/** How previews are made and given back, and who is told. */
export interface Picturing {
  picture: Picture;
  /** The address is not needed any more. */
  release(preview: string): void;
  tell(id: string, preview: string): void;
}

interface Wish {
  readonly file: File;
  /** How many places on the screen would show it. */
  places: number;
}

const AT_ONCE = 2;

/** Local previews of the uploads that are on the screen. */
export class Previews {
  private readonly ways: Picturing;
  private readonly wishes = new Map<string, Wish>();
  /** The address, or null while it is made and where none can be made. */
  private readonly made = new Map<string, string | null>();
  private running = 0;

  constructor(ways: Picturing) {
    this.ways = ways;
  }

  /** Have a preview made. Returns how to take the wish back: scrolling on does not wait for what is gone. */
  want(id: string, file: File): () => void {
    if (this.made.has(id)) return () => {};
    const wish = this.wishes.get(id) ?? { file, places: 0 };
    this.wishes.set(id, wish);
    wish.places += 1;
    this.fill();
    return () => {
      wish.places -= 1;
      if (wish.places === 0 && this.wishes.get(id) === wish) this.wishes.delete(id);
    };
  }

  forget(id: string): void {
    this.wishes.delete(id);
    const preview = this.made.get(id);
    this.made.delete(id);
    if (preview != null) this.ways.release(preview);
  }

  private fill(): void {
    for (const [id, { file }] of this.wishes) {
      if (this.running === AT_ONCE) return;
      void this.make(id, file);
    }
  }

  private async make(id: string, file: File): Promise<void> {
    this.running += 1;
    this.wishes.delete(id);
    this.made.set(id, null);
    try {
      const preview = await this.ways.picture(file);
      if (preview === null) return;
      if (this.made.has(id)) {
        this.made.set(id, preview);
        this.ways.tell(id, preview);
      } else {
        this.ways.release(preview);
      }
    } finally {
      this.running -= 1;
      this.fill();
    }
  }
}
