import { beforeEach, expect, it, vi } from "vitest";
import { Problem } from "../api/problem";
import type { Unsaved } from "../saving/unsaved";
import { type Caption, CaptionDraft } from "./caption-draft";

const STALE = new Problem({ code: "stale_version", status: 412, title: "", detail: "" });
const REFUSED = new Problem({ code: "image_moving", status: 409, title: "", detail: "" });

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("removeEventListener", () => undefined);
});

/** A server that keeps one caption, and what is said to be unsaved. */
function begun(server: Caption & { problem?: Problem } = { caption: "before", version: 3 }) {
  const reported = new Map<string, Unsaved>();
  const ends: string[] = [];
  const draft = new CaptionDraft(
    {
      name: "caption",
      async save(caption, version) {
        if (server.problem !== undefined) throw server.problem;
        if (version !== server.version) throw STALE;
        Object.assign(server, { caption: caption.trim(), version: version + 1 });
        return { ...server };
      },
      load: async () => ({ ...server }),
      report: (name, unsaved) => void reported.set(name, unsaved),
      done: () => void ends.push(server.caption),
    },
    { caption: "before", version: 3 },
  );
  const stuck = () => reported.get("caption, stuck")?.changes === 1;
  return { draft, server, ends, stuck };
}

it("saves what was typed, and is over then", async () => {
  const { draft, ends, stuck } = begun();
  draft.type("a mole");
  await vi.advanceTimersByTimeAsync(1_000);
  expect([ends, stuck()]).toEqual([["a mole"], false]);
});

it("goes on from what was saved while somebody still types", async () => {
  const { draft, server } = begun();
  draft.type("a");
  await vi.advanceTimersByTimeAsync(1_000);
  draft.type("a mole");
  draft.flush();
  await vi.advanceTimersByTimeAsync(0);
  expect(server).toEqual({ caption: "a mole", version: 5 });
});

it("shows both captions where somebody else was faster, and saves neither until one is chosen", async () => {
  const { draft, server, stuck, ends } = begun({ caption: "theirs", version: 4 });
  draft.type("ours");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(draft.current()).toMatchObject({ text: "ours", theirs: { caption: "theirs", version: 4 } });
  draft.type("ours, and more");
  draft.flush();
  await vi.advanceTimersByTimeAsync(5_000);
  expect([server.caption, stuck(), ends]).toEqual(["theirs", true, []]);
  draft.decide("ours, and more");
  await vi.advanceTimersByTimeAsync(0);
  expect([server, stuck()]).toEqual([{ caption: "ours, and more", version: 5 }, false]);
});

it("is over at once where the other wrote the same, or theirs is chosen", async () => {
  const same = begun({ caption: "ours", version: 4 });
  same.draft.type("ours ");
  await vi.advanceTimersByTimeAsync(1_000);
  expect([same.ends, same.stuck()]).toEqual([["ours"], false]);
  const { draft, ends, server } = begun({ caption: "theirs", version: 4 });
  draft.type("ours");
  await vi.advanceTimersByTimeAsync(1_000);
  draft.decide("theirs");
  expect([ends, server.version]).toEqual([["theirs"], 4]);
});

it("keeps what was refused until it is sent again or given up", async () => {
  const { draft, server, stuck, ends } = begun();
  server.problem = REFUSED;
  draft.type("ours");
  await vi.advanceTimersByTimeAsync(1_000);
  expect([draft.current(), stuck()]).toEqual([{ text: "ours", theirs: null, problem: REFUSED }, true]);
  delete server.problem;
  draft.again();
  await vi.advanceTimersByTimeAsync(0);
  expect([ends, stuck()]).toEqual([["ours"], false]);
});
