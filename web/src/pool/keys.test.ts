import { expect, it } from "vitest";
import type { ImageView } from "../api/schema";
import type { Row } from "./groups";
import { commandOf, reached, readyIn, remaining } from "./keys";

const PLAIN = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const NO_IMAGE = new Set(["upload"]);

const row = (...ids: string[]): Row => ({
  kind: "tiles",
  key: ids.join(),
  tiles: ids.map((id) => ({
    id,
    image: NO_IMAGE.has(id) ? undefined : ({ id, state: "ready" } as ImageView),
    upload: undefined,
  })),
});
const header: Row = { kind: "header", key: "day", day: "day", count: 0, collapsed: false, open: false, of: [] };
const ROWS = [header, row("upload", "b", "c"), row("d", "e"), header, row("f")];

it("knows the pool's own keys", () => {
  expect(commandOf({ ...PLAIN, key: "ArrowUp" })).toEqual({ do: "go", way: "up" });
  expect(commandOf({ ...PLAIN, key: "ArrowUp", shiftKey: true })).toEqual({ do: "extend", way: "up" });
  expect(commandOf({ ...PLAIN, key: "ArrowLeft", altKey: true })).toEqual({ do: "move", way: "left" });
  expect(commandOf({ ...PLAIN, key: "ArrowLeft", ctrlKey: true })).toEqual({ do: "move", way: "left" });
  expect(commandOf({ ...PLAIN, key: "X" })).toEqual({ do: "select" });
  expect(commandOf({ ...PLAIN, key: "w" })).toEqual({ do: "choose" });
  expect(commandOf({ ...PLAIN, key: "+", shiftKey: true })).toEqual({ do: "in" });
});

it("leaves the browser's keys alone", () => {
  for (const modifier of ["ctrlKey", "metaKey", "altKey"] as const)
    expect(commandOf({ ...PLAIN, key: "d", [modifier]: true })).toBeNull();
  expect(commandOf({ ...PLAIN, key: "q" })).toBeNull();
});

it("goes from photograph to photograph across dates, past what is on its way", () => {
  expect(reached(ROWS, "b", "right")).toBe("c");
  expect(reached(ROWS, "c", "right")).toBe("d");
  expect(reached(ROWS, "e", "right")).toBe("f");
  expect(reached(ROWS, "b", "left")).toBeNull();
  expect(reached(ROWS, "c", "down")).toBe("e");
  expect(reached(ROWS, "e", "down")).toBe("f");
  expect(reached(ROWS, "d", "up")).toBe("b");
  expect(reached(ROWS, "f", "up")).toBe("d");
  expect([reached(ROWS, "d", "first"), reached(ROWS, "d", "last")]).toEqual(["b", "f"]);
});

it("goes on from a photograph that is gone to the next that stays, else back to the last", () => {
  const before = readyIn(ROWS);
  expect(before).toEqual(["b", "c", "d", "e", "f"]);
  expect(remaining(before, new Set(["b", "e", "f"]), "c")).toBe("e");
  expect(remaining(before, new Set(["b", "c"]), "e")).toBe("c");
  expect(remaining(before, new Set(), "c")).toBeNull();
  expect(remaining(before, new Set(before), "elsewhere")).toBeNull();
});
