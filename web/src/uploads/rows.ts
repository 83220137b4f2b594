import type { Upload, UploadState } from "./upload";

/** A row of the tray: whose files follow, or one of them. */
export type Row =
  | { readonly kind: "patient"; readonly key: string; readonly patient: string }
  /** `wordy`: with a sentence, of which nobody knows how many lines it takes. */
  | { readonly kind: "upload"; readonly key: string; readonly id: string; readonly wordy: boolean };

/** What needs a person first, then what is under way, then what is done with. */
const ORDER: Record<UploadState, number> = {
  failed: 0,
  refused: 0,
  rejected: 0,
  sending: 1,
  processing: 2,
  waiting: 3,
  duplicate: 4,
  added: 5,
};

/** The uploads by patient, the one that was added to last on top. */
export function rowsOf(uploads: readonly Upload[]): Row[] {
  const patients = new Set(uploads.toSorted((a, b) => b.addedAt - a.addedAt).map(({ patient }) => patient));
  return [...patients].flatMap((patient): Row[] => [
    { kind: "patient", key: patient, patient },
    ...uploads
      .filter((upload) => upload.patient === patient)
      .toSorted((a, b) => ORDER[a.state] - ORDER[b.state])
      .map(rowOf),
  ]);
}

function rowOf({ id, state, problem }: Upload): Row {
  const wordy = problem !== null || state === "duplicate";
  return { kind: "upload", key: wordy ? `${id}/wordy` : id, id, wordy };
}
