import type { WorkspaceChanges } from "../api/schema";
import { Autosave } from "../saving/autosave";
import { parts, type Wish } from "./wishes";

/** What is chosen within it is sent together. */
const SOON_MS = 80;

/** What changing one workspace needs and tells. */
interface Workspace {
  /** Resolves once the server has made these changes. */
  send(changes: WorkspaceChanges): Promise<unknown>;
  /** What is wished is to be seen. */
  show(wishes: readonly Wish[]): void;
  /** The server does not want it: it is taken back. */
  refused(error: unknown): void;
}

/** What was wished together, and who is told once the server has it. */
interface Wished {
  wishes: readonly Wish[];
  onKept: () => void;
}

/** What is wished for one workspace: shown at once, sent until the server has it, taken back where it is refused. */
export class Curator {
  private readonly workspace: Workspace;
  private readonly wishes = new Map<string, Wish>();
  private readonly wished = new Set<Wished>();
  private readonly autosave: Autosave<ReadonlyMap<string, Wish>>;
  /** What the server is asked for at the moment. */
  private asked: readonly Wish[] = [];

  /** @param name of the workspace, in the save status */
  constructor(name: string, workspace: Workspace) {
    this.workspace = workspace;
    this.autosave = new Autosave(
      name,
      { send: (wishes) => this.send([...wishes.values()]), refused: (error) => this.takeBack(error) },
      SOON_MS,
    );
  }

  /** Wish this instead of what was wished of the same photographs before. */
  wish(wishes: readonly Wish[], onKept: () => void): void {
    this.giveUp(wishes);
    this.wished.add({ wishes, onKept });
    for (const wish of wishes) this.wishes.set(wish.image.id, wish);
    this.workspace.show(wishes);
    this.autosave.set(this.wishes);
  }

  private async send(wishes: readonly Wish[]): Promise<void> {
    this.asked = wishes;
    for (const { wishes: some, body } of parts(wishes)) {
      await this.workspace.send(body);
      // once more: what was loaded meanwhile may be older
      this.workspace.show(this.settled(some));
    }
    for (const one of this.wished) {
      if (one.wishes.some((wish) => this.wishes.get(wish.image.id) === wish)) continue;
      this.wished.delete(one);
      one.onKept();
    }
  }

  private takeBack(error: unknown): void {
    const refused = this.settled(this.asked);
    this.giveUp(refused);
    this.workspace.refused(error);
    this.workspace.show(refused.map(({ image, wanted }) => ({ image, wanted: !wanted })));
  }

  /** Those of the wishes that are still wished: nothing else was since. They are wished no longer. */
  private settled(wishes: readonly Wish[]): Wish[] {
    const still = wishes.filter((wish) => this.wishes.get(wish.image.id) === wish);
    for (const { image } of still) this.wishes.delete(image.id);
    return still;
  }

  /** Nobody is told any more that what was wished together with these is kept. */
  private giveUp(wishes: readonly Wish[]): void {
    const images = new Set(wishes.map(({ image }) => image.id));
    for (const one of this.wished) {
      if (one.wishes.some(({ image }) => images.has(image.id))) this.wished.delete(one);
    }
  }
}
