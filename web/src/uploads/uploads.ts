import { useEffect, useMemo, useSyncExternalStore } from "react";
import { answered, api, onSessionOver, sessionIsOver } from "../api/client";
import { retryImage } from "../api/images";
import { live } from "../live/live";
import { picture } from "./preview";
import { UploadQueue } from "./queue";
import type { Obstacle } from "./sender";
import { look } from "./sniff";
import { send } from "./transfer";
import { isUnsent, type Upload } from "./upload";

export type { UploadLimits } from "./queue";
export type { Upload, UploadProblem, UploadState } from "./upload";

/** This browser tab's uploads, whichever page is shown. */
export const uploads = new UploadQueue({
  send,
  look,
  async images(patient, ids) {
    const params = { path: { patient }, query: { images: [...ids], limit: ids.length } };
    return (await answered(api.GET("/api/v1/patients/{patient}/images", { params }))).images;
  },
  retry: retryImage,
  follow: (patient, listener) => live.follow(patient, listener),
  picture,
  release: (preview) => URL.revokeObjectURL(preview),
  signedOut: sessionIsOver,
});

onSessionOver(() => uploads.awaitSignIn());
addEventListener("online", () => uploads.network(true));
addEventListener("offline", () => uploads.network(false));
live.watch(() => {
  if (live.current() === "live") uploads.wake();
});

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
uploads.watch(() => {
  // a page with such a listener cannot be kept for the way back: only while something would be lost
  if (uploads.all().some(isUnsent)) addEventListener("beforeunload", warn);
  else removeEventListener("beforeunload", warn);
});

/** All uploads of this tab. The array stays the same while nothing but progress is made. */
export function useAllUploads(): readonly Upload[] {
  return useSyncExternalStore(uploads.watch, uploads.all);
}

/** A patient's uploads. The array stays the same while nothing but progress is made. */
export function useUploads(patient: string): readonly Upload[] {
  const all = useAllUploads();
  return useMemo(() => all.filter((upload) => upload.patient === patient), [all, patient]);
}

/** One upload as it is now, progress included. */
export function useUpload(id: string): Upload | undefined {
  return useSyncExternalStore(uploads.watch, () => uploads.get(id));
}

/** The local preview of an upload that is shown: made once it is wanted. */
export function useUploadPreview({ id, state, preview }: Upload): string | null {
  const wanted = preview === null && state !== "refused";
  useEffect(() => (wanted ? uploads.wantPreview(id) : undefined), [id, wanted]);
  return preview;
}

/** What keeps files from being sent at the moment. */
export function useObstacle(): Obstacle | null {
  return useSyncExternalStore(uploads.watch, () => uploads.obstacle);
}

export interface UploadSummary {
  /** Files whose bytes are not all sent. */
  readonly sending: number;
  readonly processing: number;
  /** Files that were not taken, and photographs that could not be processed. */
  readonly problems: number;
  readonly paused: boolean;
}

/** The uploads in numbers. */
export function useUploadSummary(): UploadSummary {
  const all = useAllUploads();
  const paused = useObstacle() === "paused";
  return useMemo(
    () => ({
      sending: all.filter(isUnsent).length,
      processing: all.filter(({ state }) => state === "processing").length,
      problems: all.filter(({ problem, state }) => problem !== null && state !== "waiting").length,
      paused,
    }),
    [all, paused],
  );
}
