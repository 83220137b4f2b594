import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Problem } from "../api/problem";
import type { Preferences } from "../api/schema";
import { Saving } from "./saving";

/** A server that answers when it is told to, and what the user was told. */
class Server {
  kept: Preferences = {};
  received: Preferences[] = [];
  shown: Preferences[] = [];
  delays = 0;
  refusals: unknown[] = [];
  private answers: (() => void)[] = [];
  problem: Problem | null = null;

  send = (changes: Preferences): Promise<Preferences> => {
    this.received.push(changes);
    const problem = this.problem;
    return new Promise((resolve, reject) => {
      this.answers.push(() => {
        if (problem !== null) return reject(problem);
        this.kept = { ...this.kept, ...changes };
        resolve(this.kept);
      });
    });
  };
  saved = (now: Preferences) => void this.shown.push(now);
  delayed = () => void this.delays++;
  refused = (error: unknown) => void this.refusals.push(error);

  /** Answer what was asked, and let what follows happen. */
  async answer(): Promise<void> {
    for (const answer of this.answers.splice(0)) answer();
    await vi.advanceTimersByTimeAsync(0);
  }
}

const REFUSED = new Problem({ code: "invalid_request", status: 400, title: "", detail: "" });
const OVER = new Problem({ code: "not_signed_in", status: 401, title: "", detail: "" });

let server: Server;
beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
});
afterEach(() => void vi.useRealTimers());

it("sends the first choice at once, and those made meanwhile together after it", async () => {
  const saving = new Saving({}, server);
  saving.add({ theme: "dark" });
  saving.add({ theme: "light" });
  saving.add({ sidebar: "narrow" });
  expect(server.received).toEqual([{ theme: "dark" }]);
  expect(saving.unsent).toEqual({ theme: "light", sidebar: "narrow" });
  await server.answer();
  expect(server.shown.at(-1)).toEqual({ theme: "light", sidebar: "narrow" });
  await server.answer();
  expect(server.received).toEqual([{ theme: "dark" }, { theme: "light", sidebar: "narrow" }]);
  expect(server.kept).toEqual({ theme: "light", sidebar: "narrow" });
  expect(saving.unsent).toEqual({});
});

it("sends a choice that was taken back and made again", async () => {
  const saving = new Saving({}, server);
  saving.add({ theme: "dark" });
  saving.add({ theme: "light" });
  saving.add({ theme: "dark" });
  await server.answer();
  await server.answer();
  expect(server.kept).toEqual({ theme: "dark" });
  expect(saving.unsent).toEqual({});
});

it("begins with what was not sent the last time", async () => {
  const saving = new Saving({ language: "fr" }, server);
  void saving.go();
  await server.answer();
  expect(server.kept).toEqual({ language: "fr" });
});

it("tries again while the server cannot be reached, tells of it once, and loses nothing", async () => {
  const saving = new Saving({}, server);
  server.problem = Problem.unreachable();
  saving.add({ theme: "dark" });
  for (let attempt = 1; attempt <= 6; attempt++) {
    expect(server.received).toHaveLength(attempt);
    await server.answer();
    expect(server.delays).toBe(attempt < 3 ? 0 : 1);
    await vi.advanceTimersByTimeAsync(60_000);
  }
  saving.add({ sidebar: "narrow" });
  server.problem = null;
  await server.answer();
  await vi.advanceTimersByTimeAsync(60_000);
  await server.answer();
  expect(server.kept).toEqual({ theme: "dark", sidebar: "narrow" });
  expect(server.refusals).toEqual([]);
});

it("tells what is refused and gives it up, not what was chosen meanwhile", async () => {
  const saving = new Saving({}, server);
  server.problem = REFUSED;
  saving.add({ theme: "dark" });
  server.problem = null;
  saving.add({ sidebar: "narrow" });
  await server.answer();
  await server.answer();
  expect(server.refusals).toEqual([REFUSED]);
  expect(server.kept).toEqual({ sidebar: "narrow" });
});

it("stops when the session is over, and keeps what was not sent", async () => {
  const saving = new Saving({}, server);
  server.problem = OVER;
  saving.add({ theme: "dark" });
  await server.answer();
  saving.add({ sidebar: "narrow" });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(saving.isOver).toBe(true);
  expect(server.received).toHaveLength(1);
  expect(saving.unsent).toEqual({ theme: "dark", sidebar: "narrow" });
  expect(server.refusals).toEqual([]);
});

it("sends nothing more once it was stopped while it waited", async () => {
  const saving = new Saving({}, server);
  server.problem = Problem.unreachable();
  saving.add({ theme: "dark" });
  await server.answer();
  saving.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.received).toHaveLength(1);
});

it("lets what is not confirmed hold before what the server says", async () => {
  const saving = new Saving({}, server);
  saving.add({ theme: "dark" });
  expect(await saving.heard(async () => ({ theme: "light", language: "fr" }))).toEqual({
    theme: "dark",
    language: "fr",
  });
});

it("asks again when something was chosen or confirmed while it asked", async () => {
  const saving = new Saving({}, server);
  saving.add({ theme: "dark" });
  const answers: ((said: Preferences) => void)[] = [];
  const heard = saving.heard(() => new Promise((resolve) => answers.push(resolve)));
  await server.answer();
  answers[0]?.({ theme: "light" });
  await vi.advanceTimersByTimeAsync(0);
  expect(answers).toHaveLength(2);
  answers[1]?.({ theme: "dark" });
  expect(await heard).toEqual({ theme: "dark" });
});
