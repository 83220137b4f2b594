import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { UploadQueue } from "./queue";
import { ANNA } from "./simulated";
import { fileOf, LIMITS, Simulation, settle } from "./simulation";

describe("the list of uploads", () => {
  let s: Simulation;

  beforeEach(() => {
    vi.useFakeTimers();
    s = new Simulation();
  });
  afterEach(() => vi.useRealTimers());

  it("leaves nothing of what is cancelled", async () => {
    await s.added("1", "2", "3", "4");
    s.queue.remove(s.idOf("1"));
    await settle();
    expect(s.around.of("1").cut.aborted).toBe(true);
    expect(s.queue.all().map((upload) => upload.name)).toEqual(["2", "3", "4"]);
    expect(s.around.transfers.at(-1)?.file.name).toBe("4");
    expect(s.queue.obstacle).toBeNull();
  });

  it("forgets everything when its user signs out", async () => {
    await s.added("1", "2");
    s.queue.wantPreview(s.idOf("1"));
    await settle();
    s.queue.pause();
    s.queue.clear();
    expect(s.queue.all()).toEqual([]);
    expect(s.queue.obstacle).toBeNull();
    expect(s.around.transfers.every((transfer) => transfer.cut.aborted)).toBe(true);
    expect(s.around.released).toEqual(["blob:1"]);
    expect(s.around.listeners.size).toBe(0);
    expect(s.batches).toEqual([]);
  });

  it("keeps what failed when finished files are cleared", async () => {
    await s.accepted("1", "2");
    s.around.event("images.failed", s.idOf("1"));
    s.around.event("images.ingested", s.idOf("2"));
    s.queue.clearFinished();
    expect(s.queue.all().map((upload) => upload.name)).toEqual(["1"]);
  });

  describe("a batch", () => {
    it("is told once, when all of its files are settled", async () => {
      await s.accepted("1", "2");
      s.around.event("images.ingested", s.idOf("1"));
      expect(s.batches).toEqual([]);
      s.around.event("images.ingested", s.idOf("2"));
      expect(s.batches.map((batch) => batch.map((upload) => upload.name))).toEqual([["1", "2"]]);
    });

    it("is told without the files that were cancelled, and not at all without any", async () => {
      await s.accepted("1", "2");
      s.around.event("images.ingested", s.idOf("1"));
      s.queue.remove(s.idOf("2"));
      expect(s.batches.map((batch) => batch.map((upload) => upload.name))).toEqual([["1"]]);
      await s.added("3");
      s.queue.remove(s.idOf("3"));
      expect(s.batches).toHaveLength(1);
    });

    it("counts what was cleared from the list before its end", async () => {
      await s.accepted("1", "2");
      s.around.event("images.ingested", s.idOf("1"));
      s.queue.clearFinished();
      s.around.event("images.ingested", s.idOf("2"));
      expect(s.batches[0]).toHaveLength(2);
    });

    it("is told later when nobody listened", async () => {
      const silent = new UploadQueue(s.around);
      silent.add(ANNA, [fileOf("empty", 0)], LIMITS);
      const told = vi.fn();
      silent.onBatch(told);
      expect(told).toHaveBeenCalledOnce();
    });
  });
});
