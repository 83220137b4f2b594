import { isSettled, isUnsent, type Upload } from "./upload";

/** Uploads in numbers. */
export interface Numbers {
  readonly unsent: number;
  readonly processing: number;
  readonly added: number;
  /** Duplicates, and what was rejected or refused. */
  readonly skipped: number;
  readonly failed: number;
  /** Files of the batches that are under way, and how many of them are settled. */
  readonly total: number;
  readonly done: number;
}

/** Count uploads. */
export function inNumbers(uploads: readonly Upload[]): Numbers {
  const count = (...states: Upload["state"][]) => uploads.filter(({ state }) => states.includes(state)).length;
  const running = underWay(uploads);
  return {
    unsent: uploads.filter(isUnsent).length,
    processing: count("processing"),
    added: count("added"),
    skipped: count("duplicate", "rejected", "refused"),
    failed: count("failed"),
    total: running.length,
    done: running.filter(isSettled).length,
  };
}

/** How much of a file's way lies in sending it. */
const SENDING = 0.8;

/** Share of the way, 0 to 1, that the batches under way have gone; small files count as much as large ones. */
export function shareDone(uploads: readonly Upload[]): number {
  const running = underWay(uploads);
  const gone = running.map((upload) => (isSettled(upload) ? 1 : SENDING * upload.sent));
  return gone.length === 0 ? 1 : gone.reduce((sum, share) => sum + share, 0) / gone.length;
}

function underWay(uploads: readonly Upload[]): readonly Upload[] {
  const open = new Set(uploads.filter((upload) => !isSettled(upload)).map(({ batch }) => batch));
  return uploads.filter(({ batch }) => open.has(batch));
}
