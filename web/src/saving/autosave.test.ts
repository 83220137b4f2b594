import { beforeEach, expect, it, vi } from "vitest";
import { Problem } from "../api/problem";
import { Autosave } from "./autosave";
import { unsavedNow } from "./unsaved";

const AWAY = Problem.unreachable();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("removeEventListener", () => undefined);
});

function kept(fails: unknown[] = []) {
  const sent: string[] = [];
  const refused: unknown[] = [];
  const field = new Autosave<string>("field", {
    async send(value) {
      const error = fails.shift();
      if (error !== undefined) throw error;
      sent.push(value);
    },
    refused: (error) => refused.push(error),
  });
  return { field, sent, refused };
}

it("sends the newest value after a pause, and says that it is pending until then", async () => {
  const { field, sent } = kept();
  field.set("a");
  field.set("b");
  expect(unsavedNow()).toEqual({ changes: 1, away: false });
  await vi.advanceTimersByTimeAsync(699);
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual(["b"]);
  expect(unsavedNow().changes).toBe(0);
});

it("tries again while the server is away, and says so", async () => {
  const { field, sent } = kept([AWAY, AWAY]);
  field.set("a");
  field.flush();
  await vi.advanceTimersByTimeAsync(0);
  expect(unsavedNow()).toEqual({ changes: 1, away: true });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sent).toEqual(["a"]);
  expect(unsavedNow()).toEqual({ changes: 0, away: false });
});

it("gives up what is refused", async () => {
  const error = new Error("stale");
  const { field, sent, refused } = kept([error]);
  field.set("a");
  await vi.advanceTimersByTimeAsync(1_000);
  expect([sent, refused, unsavedNow().changes]).toEqual([[], [error], 0]);
});

it("sends what was set while something was on its way", async () => {
  const { field, sent } = kept([AWAY]);
  field.set("a");
  field.flush();
  await vi.advanceTimersByTimeAsync(0);
  field.set("b");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sent).toEqual(["b"]);
});
