import { beforeEach, expect, it, vi } from "vitest";
import { Problem } from "../api/problem";
import type { ImageView, WorkspaceChanges } from "../api/schema";
import { Curator } from "./curator";

const FULL = new Problem({ code: "workspace_full", status: 409, title: "", detail: "" });
const wish = (id: string, wanted: boolean) => ({ image: { id } as ImageView, wanted });

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("removeEventListener", () => undefined);
});

function curated(answers: (() => Promise<unknown>)[] = []) {
  const there = new Set<string>();
  const sent: WorkspaceChanges[] = [];
  const refused: unknown[] = [];
  const curator = new Curator("workspace", {
    send(changes) {
      sent.push(changes);
      return answers.shift()?.() ?? Promise.resolve();
    },
    show(wishes) {
      for (const { image, wanted } of wishes) wanted ? there.add(image.id) : there.delete(image.id);
    },
    refused: (error) => refused.push(error),
  });
  return { curator, there, sent, refused };
}

it("shows at once what is wished, and sends together what is wished within a moment", async () => {
  const { curator, there, sent } = curated();
  const kept = vi.fn();
  curator.wish([wish("a", true)], kept);
  curator.wish([wish("b", true)], kept);
  expect([...there]).toEqual(["a", "b"]);
  expect(kept).not.toHaveBeenCalled();
  await vi.runAllTimersAsync();
  expect(sent).toEqual([{ add: ["a", "b"], remove: [] }]);
  expect(kept).toHaveBeenCalledTimes(2);
});

it("sends the last wish of each photograph, and tells nobody who wished otherwise before", async () => {
  const { curator, sent } = curated();
  const [before, after] = [vi.fn(), vi.fn()];
  curator.wish([wish("a", true)], before);
  curator.wish([wish("a", false)], after);
  await vi.runAllTimersAsync();
  expect(sent).toEqual([{ add: [], remove: ["a"] }]);
  expect([before.mock.calls.length, after.mock.calls.length]).toEqual([0, 1]);
});

it("sends again what did not arrive, with what was wished meanwhile", async () => {
  const { curator, there, sent } = curated([() => Promise.reject(Problem.unreachable())]);
  curator.wish([wish("a", true)], () => {});
  await vi.advanceTimersByTimeAsync(100);
  curator.wish([wish("b", true)], () => {});
  await vi.runAllTimersAsync();
  expect(sent.at(-1)).toEqual({ add: ["a", "b"], remove: [] });
  expect([...there]).toEqual(["a", "b"]);
});

it("takes back what is refused and says why, but not what is wished since", async () => {
  const late = () => new Promise((_, reject) => setTimeout(() => reject(FULL), 500));
  const { curator, there, sent, refused } = curated([late]);
  const kept = vi.fn();
  curator.wish([wish("a", true), wish("b", true)], kept);
  await vi.advanceTimersByTimeAsync(100);
  curator.wish([wish("c", true)], () => {});
  await vi.runAllTimersAsync();
  expect(refused).toEqual([FULL]);
  expect(kept).not.toHaveBeenCalled();
  expect([...there]).toEqual(["c"]);
  expect(sent.at(-1)).toEqual({ add: ["c"], remove: [] });
});
