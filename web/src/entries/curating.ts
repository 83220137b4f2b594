import i18next from "i18next";
import { answered, api } from "../api/client";
import type { ImageView } from "../api/schema";
import { knownImage, poolLearns } from "../pool/known";
import { tellUndoable } from "../pool/undoable";
import { tellProblem } from "../ui/tell";
import { Curator } from "./curator";
import { become, holds, toggling, type Wish } from "./wishes";

const words = () => i18next.getFixedT(null, "entries");
const curators = new Map<string, Curator>();

/** Have photographs be in the workspace of an entry, or none of them where all are (WRK-1). That they leave, or that
 * several come, can be undone.
 */
export function toggle(patient: string, entry: string, images: readonly ImageView[]): void {
  const wishes = toggling(entry, images);
  const wanted = wishes[0]?.wanted ?? true;
  const done = words()(wanted ? "workspace.added" : "workspace.removed", { count: wishes.length });
  const curator = curatorOf(patient, entry);
  curator.wish(wishes, wanted && wishes.length < 2 ? () => {} : () => offerUndo(curator, wishes, done));
}

/** Have photographs be in the workspace of an entry; those that are already stay. `done` says so. */
export function add(patient: string, entry: string, images: readonly ImageView[], done: string): void {
  const missing = images.filter((image) => !holds(entry, image)).map((image) => ({ image, wanted: true }));
  const curator = curatorOf(patient, entry);
  curator.wish(missing, () => offerUndo(curator, missing, done));
}

function offerUndo(curator: Curator, wishes: readonly Wish[], done: string): void {
  const back = wishes.map(({ image, wanted }) => ({ image, wanted: !wanted }));
  tellUndoable({
    done,
    undone: words()("workspace.undone"),
    undo: () => new Promise((kept) => curator.wish(back, kept)),
  });
}

function curatorOf(patient: string, entry: string): Curator {
  let curator = curators.get(entry);
  if (curator === undefined) {
    const params = { path: { patient, entry } };
    curator = new Curator(`workspace ${entry}`, {
      send: (body) => answered(api.PATCH("/api/v1/patients/{patient}/entries/{entry}/workspace", { params, body })),
      show: (wishes) => show(patient, entry, wishes),
      refused: tellProblem,
    });
    curators.set(entry, curator);
  }
  return curator;
}

function show(patient: string, entry: string, wishes: readonly Wish[]): void {
  const now = wishes.map(({ image, wanted }) => become(entry, knownImage(patient, image.id) ?? image, wanted));
  poolLearns(patient, now);
}
