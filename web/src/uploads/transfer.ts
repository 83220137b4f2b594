import { csrf } from "../api/client";
import { Problem } from "../api/problem";
import type { UploadView } from "../api/schema";
import { disposition } from "./disposition";
import type { Upload } from "./upload";

const STALL_MS = 60_000;

/** Sends a file. Resolves to the server's answer, rejects with a Problem; after `cut` it does not matter how it ends. */
export type Send = (
  upload: Upload,
  file: File,
  progressed: (sent: number) => void,
  cut: AbortSignal,
) => Promise<UploadView>;

/** Send a file as it lies on the disk. XMLHttpRequest, because fetch tells no progress of what leaves. */
export const send: Send = (upload, file, progressed, cut) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let stall: ReturnType<typeof setTimeout>;
    const live = () => {
      clearTimeout(stall);
      stall = setTimeout(() => request.abort(), STALL_MS);
    };
    const abort = () => request.abort();

    request.open("PUT", `/api/v1/patients/${upload.patient}/images/${upload.id}`);
    request.responseType = "json";
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Content-Disposition", disposition(upload.name));
    request.setRequestHeader("X-CSRF-Token", csrf());
    request.upload.onprogress = ({ loaded, total }) => {
      live();
      progressed(total > 0 ? loaded / total : 0);
    };
    request.onprogress = live;
    request.onloadend = () => {
      clearTimeout(stall);
      cut.removeEventListener("abort", abort);
      const answer: unknown = request.response;
      if (isUploadView(request.status, answer)) resolve(answer);
      else reject(problemOf(request, answer));
    };
    cut.addEventListener("abort", abort);
    live();
    request.send(file);
  });

function isUploadView(status: number, answer: unknown): answer is UploadView {
  return status >= 200 && status < 300 && typeof answer === "object" && answer !== null && "outcome" in answer;
}

function problemOf(request: XMLHttpRequest, answer: unknown): Problem {
  // status 0 is no answer; a success of another shape is not this server's, but of something on the way to it
  if (request.status < 400) return Problem.unreachable();
  const headers = new Headers();
  for (const name of ["retry-after", "x-request-id"]) {
    const value = request.getResponseHeader(name);
    if (value !== null) headers.set(name, value);
  }
  return Problem.of(request.status, answer, headers);
}
