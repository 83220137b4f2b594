import { describe, expect, it } from "vitest";
import type { ImageView } from "../api/schema";
import type { Upload } from "../uploads/uploads";
import { grouped, placeAt, rowsOf } from "./groups";

const NOW = new Date("2026-11-22T23:30:00Z");

const image = (id: string, at: string) =>
  ({ id, effective_at: at, place: placeAt(Date.parse(at)), state: "ready" }) as ImageView;
const upload = (id: string, state: Upload["state"]) => ({ id, state, image: null, addedAt: NOW.getTime() }) as Upload;
const pool = (...images: ImageView[]) => new Map(images.map((i) => [i.id, i]));
const days = (groups: ReturnType<typeof grouped>) => groups.map((g) => [g.day, g.tiles.map((t) => t.id)]);

describe("the groups of a pool", () => {
  const three = pool(
    image("a", "2026-11-22T22:59:00Z"),
    image("b", "2026-11-22T23:01:00Z"),
    image("c", "2026-11-20T12:00:00Z"),
  );

  it("are the calendar dates of the site, newest first", () => {
    expect(days(grouped(three, [], "Europe/Paris", "newest"))).toEqual([
      ["2026-11-23", ["b"]],
      ["2026-11-22", ["a"]],
      ["2026-11-20", ["c"]],
    ]);
    expect(days(grouped(three, [], "UTC", "newest"))).toEqual([
      ["2026-11-22", ["b", "a"]],
      ["2026-11-20", ["c"]],
    ]);
  });

  it("can begin with the oldest", () => {
    expect(days(grouped(three, [], "UTC", "oldest"))).toEqual([
      ["2026-11-20", ["c"]],
      ["2026-11-22", ["a", "b"]],
    ]);
  });

  it("show an upload at once, among today's, and once only when it is registered", () => {
    const uploads = [upload("a", "processing"), upload("n", "sending")];
    expect(days(grouped(three, uploads, "UTC", "newest"))).toEqual([
      ["2026-11-22", ["n", "b", "a"]],
      ["2026-11-20", ["c"]],
    ]);
    const [today] = grouped(three, uploads, "UTC", "newest");
    expect(today?.tiles[2]).toMatchObject({ image: { id: "a" }, upload: { id: "a" } });
  });

  it("keep uploads in the order in which they were chosen", () => {
    const uploads = [upload("z", "waiting"), upload("m", "waiting"), upload("a", "sending")];
    expect(days(grouped(pool(), uploads, "UTC", "oldest"))).toEqual([["2026-11-22", ["z", "m", "a"]]]);
  });

  it("show nothing of uploads that ended without a photograph", () => {
    const ended = [upload("d", "duplicate"), upload("r", "rejected"), upload("x", "refused")];
    expect(days(grouped(pool(), ended, "UTC", "newest"))).toEqual([]);
  });
});

describe("the rows of a pool", () => {
  const groups = grouped(
    pool(
      ...["a", "b", "c", "d", "e"].map((id) => image(id, "2026-11-22T12:00:00Z")),
      image("o", "2026-01-01T12:00:00Z"),
    ),
    [],
    "UTC",
    "newest",
  );

  it("hold as many tiles as fit beside each other, under the header of their date", () => {
    const rows = rowsOf(groups, 2, new Set(), true);
    expect(rows.map((r) => (r.kind === "header" ? r.count : r.tiles.length))).toEqual([5, 2, 2, 1, 1, 1]);
  });

  it("leave out the tiles of a collapsed date", () => {
    const rows = rowsOf(groups, 2, new Set(["2026-11-22"]), true);
    expect(rows.map((r) => r.kind)).toEqual(["header", "header", "tiles"]);
  });

  it("do not claim a count that is not known yet", () => {
    const open = rowsOf(groups, 2, new Set(), false).filter((r) => r.kind === "header" && r.open);
    expect(open).toMatchObject([{ day: "2026-01-01" }]);
  });
});

describe("a pool of ten thousand", () => {
  const ten = Array.from({ length: 10_000 }, (_, n) => {
    const at = new Date(Date.UTC(2026, 0, 1) - n * 7_000_000).toISOString();
    return image(`${n}`, at);
  });
  const images = pool(...ten);

  it.each(["newest", "oldest"] as const)("is grouped anew within a frame or two after one change, %s first", (way) => {
    rowsOf(grouped(images, [], "Europe/Vienna", way), 6, new Set(), true);
    const times = [1, 2, 3, 4, 5].map((n) => {
      const changed = new Map(images);
      const one = ten[n * 1000] as ImageView;
      changed.set(one.id, { ...one, caption: "changed" });
      const start = performance.now();
      rowsOf(grouped(changed, [], "Europe/Vienna", way), 6, new Set(), true);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(30);
  });
});
