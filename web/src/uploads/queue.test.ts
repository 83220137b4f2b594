import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api/problem";
import { ANNA, BERT, problem } from "./simulated";
import { fileOf, LIMITS, pass, Simulation, settle } from "./simulation";

const USER = "33333333-3333-4333-8333-333333333333";

describe("the upload queue", () => {
  let s: Simulation;

  beforeEach(() => {
    vi.useFakeTimers();
    s = new Simulation();
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it("sends three files at a time, in their order", async () => {
    await s.added("1", "2", "3", "4");
    expect(s.around.transfers.map((transfer) => transfer.file.name)).toEqual(["1", "2", "3"]);
    s.around.accept("2");
    await settle();
    expect(s.around.transfers.at(-1)?.file.name).toBe("4");
    expect(s.queue.all().map((upload) => upload.state)).toEqual(["sending", "processing", "sending", "sending"]);
  });

  it("tells how much of a file left, and keeps its list while nothing else changes", async () => {
    await s.added("1");
    const list = s.queue.all();
    const told = vi.fn();
    s.queue.watch(told);
    for (const sent of [0.1, 0.2, 0.3]) s.around.of("1").progressed(sent);
    await pass(1);
    expect(told).toHaveBeenCalledOnce();
    expect(s.queue.get(s.idOf("1"))?.sent).toBe(0.3);
    expect(s.queue.all()).toBe(list);
  });

  it("refuses what is empty or too large without sending it", async () => {
    s.queue.add(ANNA, [fileOf("empty", 0), fileOf("large", 1_001), fileOf("good")], LIMITS);
    await settle();
    expect(s.around.transfers).toHaveLength(1);
    expect(s.named("empty")?.problem?.code).toBe("empty_file");
    expect(s.named("large")?.problem).toEqual({ code: "too_large", sentence: "", limit: 1_000 });
  });

  it("refuses a file that cannot be read any more", async () => {
    s.around.unreadable.add("gone");
    await s.added("gone");
    expect(s.named("gone")).toMatchObject({ state: "refused", problem: { code: "file_unreadable" } });
  });

  it("refuses what the server refuses, with its reason", async () => {
    await s.added("1");
    s.around.of("1").fail(problem(409, "licence_expired"));
    await settle();
    expect(s.named("1")).toMatchObject({
      state: "refused",
      problem: { code: "licence_expired", sentence: "licence_expired in words" },
    });
  });

  describe("when answers are lost", () => {
    it("sends the same file again under the same id, for as long as it takes", async () => {
      await s.added("1");
      for (let tries = 1; tries <= 40; tries++) {
        expect(s.around.transfers).toHaveLength(tries);
        s.around.of("1").fail(Problem.unreachable());
        await pass(30);
      }
      s.around.accept("1");
      await settle();
      expect(s.stateOf("1")).toBe("processing");
      expect(new Set(s.around.transfers.map((transfer) => transfer.upload.id)).size).toBe(1);
    });

    it("waits longer each time, up to half a minute", async () => {
      vi.spyOn(Math, "random").mockReturnValue(1);
      await s.added("1");
      const waits: number[] = [];
      for (const _ of Array(7)) {
        s.around.of("1").fail(Problem.unreachable());
        const tries = s.around.transfers.length;
        let waited = 0;
        for (; s.around.transfers.length === tries; waited++) await pass(1);
        waits.push(waited);
      }
      expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30]);
    });

    it("tries with one file whether the server is back, then goes on with three", async () => {
      await s.added("1", "2", "3", "4");
      for (const transfer of s.around.transfers) transfer.fail(Problem.unreachable());
      await pass(2);
      expect(s.queue.obstacle).toBe("unreachable");
      expect(s.around.transfers).toHaveLength(4);
      s.around.accept(s.around.transfers.at(-1)?.file.name ?? "");
      await pass(2);
      expect(s.queue.obstacle).toBeNull();
      expect(s.around.transfers).toHaveLength(7);
    });

    it("does not send again what an event shows to have arrived", async () => {
      await s.added("1");
      s.around.of("1").fail(Problem.unreachable());
      await settle();
      expect(s.stateOf("1")).toBe("waiting");
      s.around.event("images.registered", s.idOf("1"));
      expect(s.stateOf("1")).toBe("processing");
      await pass(60);
      expect(s.around.transfers).toHaveLength(1);
    });

    it("ends the transfer when an event tells the outcome first", async () => {
      await s.added("1");
      s.around.event("images.ingested", s.idOf("1"));
      await settle();
      expect(s.stateOf("1")).toBe("added");
      expect(s.around.of("1").cut.aborted).toBe(true);
      expect(s.queue.obstacle).toBeNull();
    });
  });

  it("waits as long as a busy server asks it to", async () => {
    await s.added("1");
    s.around.of("1").fail(problem(503, "unavailable", 20));
    await pass(19);
    expect(s.around.transfers).toHaveLength(1);
    expect(s.named("1")).toMatchObject({ state: "waiting", problem: { code: "unavailable" } });
    await pass(2);
    expect(s.around.transfers).toHaveLength(2);
  });

  it("lets the others pass while one file meets an error of its own", async () => {
    await s.added("1", "2", "3", "4", "5");
    s.around.of("1").fail(problem(500, "internal"));
    await settle();
    expect(s.around.transfers.map((transfer) => transfer.file.name)).toEqual(["1", "2", "3", "4"]);
    expect(s.queue.obstacle).toBeNull();
    s.around.accept("2");
    s.around.accept("3");
    await pass(2);
    expect(s.around.transfers.slice(4).map((transfer) => transfer.file.name)).toEqual(["5", "1"]);
  });

  it("sends nothing while offline, and at once when the network is back", async () => {
    await s.added("1");
    s.queue.network(false);
    s.around.of("1").fail(Problem.unreachable());
    await pass(300);
    expect(s.around.transfers).toHaveLength(1);
    expect(s.queue.obstacle).toBe("offline");
    s.queue.network(true);
    await settle();
    expect(s.around.transfers).toHaveLength(2);
  });

  it("tries at once when the gateway is heard of again", async () => {
    await s.added("1");
    s.around.of("1").fail(problem(503, "unavailable", 200));
    await settle();
    s.queue.wake();
    await settle();
    expect(s.around.transfers).toHaveLength(2);
  });

  it("begins nothing while it is paused", async () => {
    await s.added("1", "2", "3", "4");
    s.queue.pause();
    s.around.accept("1");
    await pass(60);
    expect(s.around.transfers).toHaveLength(3);
    s.queue.resume();
    await settle();
    expect(s.around.transfers).toHaveLength(4);
  });

  describe("when the session is over", () => {
    it("goes on when the same user has signed in again", async () => {
      s.queue.resumeAfterSignIn(USER);
      await s.added("1");
      s.around.of("1").fail(problem(401, "not_signed_in"));
      await pass(600);
      expect(s.around.signOuts).toBe(1);
      expect(s.around.transfers).toHaveLength(1);
      expect(s.queue.obstacle).toBe("signed_out");
      s.queue.resumeAfterSignIn(USER);
      await settle();
      expect(s.around.transfers).toHaveLength(2);
    });

    it("never sends the files of one user in the name of another", async () => {
      s.queue.resumeAfterSignIn(USER);
      await s.added("1");
      s.around.of("1").fail(problem(401, "not_signed_in"));
      await settle();
      s.queue.resumeAfterSignIn(BERT);
      await pass(60);
      expect(s.queue.all()).toEqual([]);
      expect(s.around.transfers).toHaveLength(1);
    });

    it("asks nothing until somebody signs in", async () => {
      await s.accepted("1");
      s.queue.awaitSignIn();
      await pass(600);
      expect(s.around.asked).toEqual([]);
      s.queue.resumeAfterSignIn(USER);
      await settle();
      expect(s.around.asked).toEqual([[s.idOf("1")]]);
    });
  });
});
