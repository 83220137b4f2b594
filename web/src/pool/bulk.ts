import i18next from "i18next";
import { answered, api } from "../api/client";
import type { ImageView } from "../api/schema";
import { inWords } from "../ui/tell";
import { datesOn } from "./dating";
import { poolEdited } from "./known";
import { AT_ONCE, cut, parts } from "./portions";
import { type Retagging, undoing } from "./retagging";
import { tellUndoable } from "./undoable";

const words = () => i18next.getFixedT(null, "pool");

/** What was done of a change of many photographs, before it went wrong. */
export class Partly extends Error {
  readonly done: number;
  readonly why: unknown;

  constructor(done: number, why: unknown) {
    super("not all was done");
    this.done = done;
    this.why = why;
  }
}

/** Give photographs tags and take others away; it can be undone for a while. */
export async function retag(patient: string, images: readonly ImageView[], add: string[], remove: string[]) {
  const ids = images.map(({ id }) => id);
  await sendAllTags(patient, [{ images: ids, add, remove }]);
  const back = undoing(images, { add, remove });
  tellUndoable({
    done: words()("tagging.done", { count: images.length }),
    undone: words()("tagging.undone"),
    undo: () => sendAllTags(patient, back),
  });
}

/** Have photographs be of another date, each at its time of day; it can be undone for a while. */
export async function redate(patient: string, images: readonly ImageView[], day: string, timeZone: string) {
  const dates = datesOn(images, day, timeZone);
  if (dates.length === 0) return;
  await sendAllDates(patient, dates);
  const changed = new Set(dates.map(({ image }) => image));
  const before = images.flatMap(({ id, effective_at }) => (changed.has(id) ? [{ image: id, effective_at }] : []));
  tellUndoable({
    done: words()("dating.done", { count: dates.length }),
    undone: words()("dating.undone"),
    undo: () => sendAllDates(patient, before),
  });
}

/** One part after the other, each of which is done as a whole or not at all. Rejects with `Partly`. */
async function all<T>(parts: readonly T[], sizeOf: (part: T) => number, send: (part: T) => Promise<void>) {
  let done = 0;
  try {
    for (const part of parts) {
      await send(part);
      done += sizeOf(part);
    }
  } catch (error) {
    throw done === 0 ? error : new Partly(done, error);
  }
}

function sendAllTags(patient: string, changes: readonly Retagging[]): Promise<void> {
  const params = { path: { patient } };
  return all(
    parts(changes),
    ({ images }) => images.length,
    async (body) => {
      const asked = api.POST("/api/v1/patients/{patient}/pool/tags", { params, body });
      poolEdited(patient, (await answered(asked)).images);
    },
  );
}

function sendAllDates(patient: string, changes: readonly { image: string; effective_at: string }[]): Promise<void> {
  const params = { path: { patient } };
  return all(
    cut(changes, AT_ONCE),
    ({ length }) => length,
    async (dates) => {
      const asked = api.POST("/api/v1/patients/{patient}/pool/effective-dates", { params, body: { dates } });
      poolEdited(patient, (await answered(asked)).images);
    },
  );
}

/** Why a change of many photographs was not made, or not of all. */
export function whyNot(error: unknown, count: number): string {
  if (!(error instanceof Partly)) return inWords(error);
  return words()("partly", { done: error.done, count, why: inWords(error.why) });
}
