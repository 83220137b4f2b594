import type { ImageView } from "../api/schema";

/** Why an upload ended, or why it has to wait. */
export interface UploadProblem {
  readonly code: string;
  /** The server's sentence, in English; empty when the server said none. */
  readonly sentence: string;
  /** With `too_large`: the most bytes that a file may have. */
  readonly limit?: number;
}

/** What stays the same about an upload, apart from its preview. */
export interface UploadFacts {
  /** Also the photograph's id, unless the pool has these bytes already. */
  readonly id: string;
  readonly patient: string;
  /** The files that were added together. */
  readonly batch: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly addedAt: number;
  /** Blob URL of a small version; null until it was asked for and made, or where the browser cannot. */
  readonly preview: string | null;
}

interface Stage {
  readonly state: string;
  /** Share of the bytes that left, 0 to 1. */
  readonly sent: number;
  /** What the server said of the photograph last; null before it said anything. */
  readonly image: ImageView | null;
  readonly problem: UploadProblem | null;
}

interface Waiting extends Stage {
  readonly state: "waiting";
  readonly image: null;
}
interface Sending extends Stage {
  readonly state: "sending";
  readonly image: null;
  readonly problem: null;
}
/** The server has the bytes; `image` is another photograph when that one holds the same bytes. */
interface Processing extends Stage {
  readonly state: "processing";
  readonly problem: null;
}
interface Added extends Stage {
  readonly state: "added";
  readonly problem: null;
}
/** The pool had these bytes already, as `image`. */
interface Duplicate extends Stage {
  readonly state: "duplicate";
  readonly image: ImageView;
  readonly problem: null;
}
/** The file is at fault: it was read and is no acceptable photograph. */
interface Rejected extends Stage {
  readonly state: "rejected";
  readonly image: ImageView;
  readonly problem: UploadProblem;
}
/** It was not taken at all. */
interface Refused extends Stage {
  readonly state: "refused";
  readonly image: null;
  readonly problem: UploadProblem;
}
/** The system is at fault: it may be retried. */
interface Failed extends Stage {
  readonly state: "failed";
  readonly problem: UploadProblem;
}

type AnyStage = Waiting | Sending | Processing | Added | Duplicate | Rejected | Refused | Failed;

/** One file on its way into a patient's pool, as it is at one moment. */
export type Upload = UploadFacts & AnyStage;

export type UploadState = Upload["state"];

/** What can happen to an upload. */
export type UploadNews =
  | { readonly type: "begun" }
  | { readonly type: "progressed"; readonly sent: number }
  | { readonly type: "postponed"; readonly problem: UploadProblem }
  | { readonly type: "refused"; readonly problem: UploadProblem }
  /** The server said how the photograph is. */
  | { readonly type: "seen"; readonly image: ImageView }
  | { readonly type: "registered" }
  | { readonly type: "ingested" }
  | { readonly type: "failed"; readonly problem: UploadProblem }
  /** A person asked for the processing again. */
  | { readonly type: "retried" }
  /** The file has to be sent again: a person asked for it, or the server has it no more. */
  | { readonly type: "restarted" }
  | { readonly type: "pictured"; readonly preview: string };

/** A file that was just added. */
export function waiting(facts: Omit<UploadFacts, "preview">): Upload {
  return { ...facts, preview: null, state: "waiting", sent: 0, image: null, problem: null };
}

/** The upload after what happened: the same one when that says nothing new, as late and repeated news do. */
export function advanced(upload: Upload, news: UploadNews): Upload {
  if (news.type === "pictured") return { ...upload, preview: news.preview };
  const stage = stageNext(upload, news);
  return stage === null ? upload : { ...upload, ...stage };
}

function stageNext(upload: Upload, news: Exclude<UploadNews, { type: "pictured" }>): AnyStage | null {
  switch (news.type) {
    case "begun":
      return upload.state === "waiting" ? { state: "sending", sent: 0, image: null, problem: null } : null;
    case "progressed":
      return upload.state === "sending" ? { state: "sending", sent: news.sent, image: null, problem: null } : null;
    case "postponed":
      return upload.state === "sending" ? { state: "waiting", sent: 0, image: null, problem: news.problem } : null;
    case "registered":
      // while it is being sent the answer itself is on its way
      return upload.state === "waiting" ? { state: "processing", sent: 1, image: null, problem: null } : null;
    case "retried":
      return upload.state === "failed" ? { state: "processing", sent: 1, image: upload.image, problem: null } : null;
    case "restarted":
      return upload.state === "failed" || upload.state === "refused" || upload.state === "processing"
        ? { state: "waiting", sent: 0, image: null, problem: null }
        : null;
    default:
      return isSettled(upload) ? null : outcome(upload, news);
  }
}

type Outcome = Extract<UploadNews, { type: "refused" | "seen" | "ingested" | "failed" }>;

function outcome(upload: Upload, news: Outcome): AnyStage | null {
  switch (news.type) {
    case "refused":
      return { state: "refused", sent: 0, image: null, problem: news.problem };
    case "failed":
      return { state: "failed", sent: 1, image: upload.image, problem: news.problem };
    case "ingested":
      return upload.image !== null && upload.image.id !== upload.id
        ? { state: "duplicate", sent: 1, image: upload.image, problem: null }
        : { state: "added", sent: 1, image: upload.image, problem: null };
    case "seen":
      return stageOf(upload, news.image);
  }
}

function stageOf(upload: Upload, image: ImageView): AnyStage {
  switch (image.state) {
    case "processing":
      return { state: "processing", sent: 1, image, problem: null };
    case "ready":
      return { state: image.id === upload.id ? "added" : "duplicate", sent: 1, image, problem: null };
    case "rejected":
      return {
        state: "rejected",
        sent: 1,
        image,
        problem: { code: image.reason ?? "corrupt", sentence: image.message ?? "" },
      };
    case "failed":
      return { state: "failed", sent: 1, image, problem: { code: "processing_failed", sentence: "" } };
  }
}

const SETTLED: ReadonlySet<UploadState> = new Set(["added", "duplicate", "rejected", "refused", "failed"]);

/** Whether nothing more happens to it by itself. */
export function isSettled(upload: Upload): boolean {
  return SETTLED.has(upload.state);
}

/** Whether its bytes are lost when the page is closed now. */
export function isUnsent(upload: Upload): boolean {
  return upload.state === "waiting" || upload.state === "sending";
}

/** The photograph whose processing decides what becomes of the upload. */
export function awaited(upload: Upload): string {
  return upload.image?.id ?? upload.id;
}

/** Refusals that another try may overcome, once a person has done something about the cause. */
const WORTH_ANOTHER_TRY: ReadonlySet<string> = new Set([
  "file_unreadable",
  "forbidden",
  "licence_expired",
  "licence_missing",
  "licence_invalid",
]);

/** Whether a person may ask for it again. */
export function mayRetry(upload: Upload): boolean {
  return upload.state === "failed" || (upload.state === "refused" && WORTH_ANOTHER_TRY.has(upload.problem.code));
}
