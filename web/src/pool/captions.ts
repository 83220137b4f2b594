import { useCallback, useSyncExternalStore } from "react";
import { answered, api } from "../api/client";
import { Problem } from "../api/problem";
import type { ImageView } from "../api/schema";
import { ifMatch } from "../api/versions";
import { reportUnsaved } from "../saving/unsaved";
import { onUser, sessionNow } from "../session/session";
import { type Caption, CaptionDraft, type Shown } from "./caption-draft";
import { poolEdited, poolHas } from "./known";

/** The captions that were typed and are not saved yet, by photograph, and whose they are. */
const drafts = new Map<string, { user: string; draft: CaptionDraft }>();
const watchers = new Set<() => void>();

onUser((user) => {
  // what somebody typed is nobody else's
  for (const known of drafts.values()) {
    if (known.user === user) known.draft.again();
    else known.draft.discard();
  }
});

/** What is typed as a photograph's caption and not kept by the server; null where there is nothing. */
export function useCaptionDraft(image: string): Shown | null {
  const watch = useCallback(
    (watcher: () => void) => {
      // the draft itself, and whether there is one
      let leave = drafts.get(image)?.draft.watch(watcher);
      const anew = () => {
        leave?.();
        leave = drafts.get(image)?.draft.watch(watcher);
        watcher();
      };
      watchers.add(anew);
      return () => {
        leave?.();
        watchers.delete(anew);
      };
    },
    [image],
  );
  return useSyncExternalStore(watch, () => drafts.get(image)?.draft.current() ?? null);
}

/** What was typed so far, and how to type, decide and give up. */
export function draftOf(image: string): CaptionDraft | undefined {
  return drafts.get(image)?.draft;
}

/** The caption becomes this, soon. */
export function typeCaption(image: ImageView, text: string): void {
  const draft = draftOf(image.id) ?? opened(image);
  draft.type(text);
}

function opened(image: ImageView): CaptionDraft {
  const { id, patient } = image;
  const draft = new CaptionDraft(
    {
      name: `caption ${id}`,
      save: (caption, version) => save(patient, id, caption, version),
      load: () => load(patient, id),
      report: reportUnsaved,
      done() {
        drafts.delete(id);
        for (const watcher of watchers) watcher();
      },
    },
    { caption: image.caption ?? "", version: image.caption_version ?? 0 },
  );
  drafts.set(id, { user: sessionNow()?.user ?? "", draft });
  for (const watcher of watchers) watcher();
  return draft;
}

async function save(patient: string, image: string, caption: string, version: number): Promise<Caption> {
  const edited = await answered(
    api.PUT("/api/v1/patients/{patient}/images/{image}/caption", {
      params: { path: { patient, image }, header: ifMatch(version) },
      body: { caption },
    }),
  );
  poolEdited(patient, [edited]);
  return { caption: edited.caption, version: edited.caption_version };
}

async function load(patient: string, image: string): Promise<Caption> {
  const params = { path: { patient }, query: { images: [image] } };
  const page = await answered(api.GET("/api/v1/patients/{patient}/images", { params }));
  const found = page.images[0];
  if (found === undefined) throw new Problem({ code: "not_found", status: 404, title: "Not found", detail: "" });
  poolHas(found);
  return { caption: found.caption ?? "", version: found.caption_version ?? 0 };
}
