import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api/problem";
import { ANNA, imageView, problem } from "./simulated";
import { pass, Simulation, settle } from "./simulation";

describe("what becomes of an upload", () => {
  let s: Simulation;

  beforeEach(() => {
    vi.useFakeTimers();
    s = new Simulation();
  });
  afterEach(() => vi.useRealTimers());

  it("adds a photograph once its renditions are made", async () => {
    await s.accepted("1");
    expect(s.stateOf("1")).toBe("processing");
    s.around.event("images.ingested", s.idOf("1"));
    expect(s.stateOf("1")).toBe("added");
    expect(s.around.listeners.size).toBe(0);
  });

  it("points a duplicate to the photograph it equals", async () => {
    await s.added("1");
    s.around
      .of("1")
      .answer({ outcome: "duplicate", image: imageView("equal", { state: "ready", file_name: "first" }) });
    await settle();
    expect(s.named("1")).toMatchObject({ state: "duplicate", image: { id: "equal", file_name: "first" } });
  });

  it("waits for the verdict over the photograph that a duplicate equals", async () => {
    await s.added("1", "2");
    s.around.accept("1");
    await settle();
    const equal = imageView(s.idOf("1"));
    s.around.of("2").answer({ outcome: "duplicate", image: equal });
    await settle();
    expect(s.stateOf("2")).toBe("processing");
    s.around.stored.set(equal.id, { ...equal, state: "rejected", reason: "corrupt", message: "It is damaged." });
    s.around.event("images.rejected", equal.id);
    await settle();
    expect([s.stateOf("1"), s.stateOf("2")]).toEqual(["rejected", "rejected"]);
  });

  it("says in the server's words why a file is rejected", async () => {
    await s.accepted("1");
    const id = s.idOf("1");
    s.around.stored.set(id, imageView(id, { state: "rejected", reason: "truncated", message: "It is incomplete." }));
    s.around.event("images.rejected", id);
    await settle();
    expect(s.named("1")?.problem).toEqual({ code: "truncated", sentence: "It is incomplete." });
  });

  describe("when events are missing", () => {
    it("asks after a quarter of a minute of silence, then less and less often", async () => {
      await s.accepted("1");
      s.around.stored.set(s.idOf("1"), imageView(s.idOf("1")));
      await pass(14);
      expect(s.around.asked).toHaveLength(0);
      await pass(2);
      expect(s.around.asked).toHaveLength(1);
      await pass(30);
      expect(s.around.asked).toHaveLength(2);
      await pass(600);
      expect(s.around.asked.length).toBeLessThan(9);
      s.around.stored.set(s.idOf("1"), imageView(s.idOf("1"), { state: "ready" }));
      await pass(120);
      expect(s.stateOf("1")).toBe("added");
    });

    it("asks for all that is being processed, in one request, when some were missed", async () => {
      await s.accepted("1", "2", "3");
      for (const name of ["1", "2", "3"])
        s.around.stored.set(s.idOf(name), imageView(s.idOf(name), { state: "ready" }));
      s.around.listeners.get(ANNA)?.({ type: "resync" });
      await settle();
      expect(s.around.asked).toHaveLength(1);
      expect(s.queue.all().every((upload) => upload.state === "added")).toBe(true);
    });

    it("asks again when the server could not answer", async () => {
      await s.accepted("1");
      s.around.asking = problem(503, "unavailable");
      await pass(16);
      s.around.asking = null;
      s.around.stored.set(s.idOf("1"), imageView(s.idOf("1"), { state: "ready" }));
      await pass(31);
      expect(s.stateOf("1")).toBe("added");
    });

    it("says so when the photograph is not there any more", async () => {
      await s.accepted("1");
      await pass(16);
      expect(s.named("1")).toMatchObject({ state: "refused", problem: { code: "not_found" } });
    });
  });

  it("ignores events that come late or twice", async () => {
    await s.accepted("1");
    const id = s.idOf("1");
    s.around.event("images.failed", id, 7);
    expect(s.stateOf("1")).toBe("failed");
    await s.accepted("2"); // keeps the patient followed
    s.queue.retry(id);
    await settle();
    s.around.event("images.failed", id, 7);
    s.around.event("images.registered", id, 1);
    expect(s.stateOf("1")).toBe("processing");
    s.around.event("images.ingested", id, 9);
    s.around.event("images.failed", id, 10);
    expect(s.stateOf("1")).toBe("added");
  });

  describe("when processing failed", () => {
    beforeEach(async () => {
      await s.accepted("1");
      s.around.event("images.failed", s.idOf("1"));
    });

    it("has the server try again, which keeps the file", async () => {
      s.queue.retry(s.idOf("1"));
      await settle();
      expect(s.around.retried).toEqual([s.idOf("1")]);
      expect(s.stateOf("1")).toBe("processing");
      expect(s.around.transfers).toHaveLength(1);
    });

    it("sends the file again when the server has it no more", async () => {
      s.around.retrying = problem(404, "not_found");
      s.queue.retry(s.idOf("1"));
      await settle();
      expect(s.around.transfers).toHaveLength(2);
    });

    it("asks what became of it when somebody else had it tried again", async () => {
      s.around.retrying = problem(409, "image_not_failed");
      s.around.stored.set(s.idOf("1"), imageView(s.idOf("1"), { state: "ready" }));
      s.queue.retry(s.idOf("1"));
      await settle();
      expect(s.stateOf("1")).toBe("added");
    });

    it("says so when the server cannot be asked", async () => {
      s.around.retrying = Problem.unreachable();
      s.queue.retryFailed();
      await settle();
      expect(s.named("1")).toMatchObject({ state: "failed", problem: { code: "unreachable" } });
    });

    it("tells the outcome as a batch of its own", async () => {
      expect(s.batches).toHaveLength(1);
      s.queue.retry(s.idOf("1"));
      await settle();
      s.around.event("images.ingested", s.idOf("1"), 99);
      expect(s.batches[1]?.map((upload) => upload.state)).toEqual(["added"]);
    });
  });
});
