import { expect, it } from "vitest";
import { CutOff, collect, nameIn, type Progress } from "./export";

function streamOf(pieces: readonly string[], fails = false): ReadableStream<Uint8Array<ArrayBuffer>> {
  const left = [...pieces];
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift();
      if (piece !== undefined) controller.enqueue(new TextEncoder().encode(piece) as Uint8Array<ArrayBuffer>);
      else if (fails) controller.error(new TypeError("network error"));
      else controller.close();
    },
  });
}

it("collects the whole file, and tells how far it has come", async () => {
  const told: Progress[] = [];
  const pieces = ['"position"\r\n"1"\r\n', '"2"\r\n"3"', "\r\n"];
  const { file, records, bytes } = await collect(
    streamOf(pieces),
    1,
    (p) => told.push(p),
    new AbortController().signal,
  );
  expect(await file.text()).toBe(pieces.join(""));
  expect({ records, bytes }).toEqual({ records: 3, bytes: file.size });
  expect(told.map((progress) => progress.records)).toEqual([1, 2, 3]);
});

it("is never taken for whole when it is cut off", async () => {
  const cut = collect(streamOf(['"position"\r\n"1"\r\n'], true), 1, () => {}, new AbortController().signal);
  await expect(cut).rejects.toBeInstanceOf(CutOff);
});

it("tells being cancelled from being cut off", async () => {
  const controller = new AbortController();
  controller.abort();
  const cancelled = collect(streamOf(["x"], true), 1, () => {}, controller.signal);
  await expect(cancelled).rejects.not.toBeInstanceOf(CutOff);
});

it("takes the name that the server gives", () => {
  const named = new Headers({ "content-disposition": 'attachment; filename="audit-trail-2026-11-22.csv"' });
  expect(nameIn(named)).toBe("audit-trail-2026-11-22.csv");
  expect(nameIn(new Headers())).toBeNull();
});
