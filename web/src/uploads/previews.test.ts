import { beforeEach, describe, expect, it } from "vitest";
import { Previews } from "./previews";

const settle = () => new Promise((resolve) => setTimeout(resolve));

describe("local previews", () => {
  let made: Map<string, (preview: string | null) => void>;
  let told: string[];
  let released: string[];
  let previews: Previews;

  beforeEach(() => {
    made = new Map();
    told = [];
    released = [];
    previews = new Previews({
      picture: (file) => new Promise((resolve) => made.set(file.name, resolve)),
      release: (preview) => released.push(preview),
      tell: (id, preview) => told.push(`${id} ${preview}`),
    });
  });

  const want = (...ids: string[]) => ids.map((id) => previews.want(id, new File([], id)));

  it("are made two at a time, in the order in which they are wanted", async () => {
    want("1", "2", "3", "4");
    expect([...made.keys()]).toEqual(["1", "2"]);
    made.get("1")?.("blob:1");
    await settle();
    expect([...made.keys()]).toEqual(["1", "2", "3"]);
    expect(told).toEqual(["1 blob:1"]);
  });

  it("are not made of what left the screen before its turn came", async () => {
    const [, , third] = want("1", "2", "3", "4");
    want("4")[0]?.();
    third?.();
    made.get("1")?.(null);
    await settle();
    expect([...made.keys()]).toEqual(["1", "2", "4"]);
  });

  it("are made once", async () => {
    want("1", "1");
    made.get("1")?.(null);
    await settle();
    want("1");
    expect(made.size).toBe(1);
    expect(told).toEqual([]);
  });

  it("are given back when they are not needed any more, also those that come too late", async () => {
    want("1", "2", "3");
    made.get("1")?.("blob:1");
    await settle();
    for (const id of ["1", "2", "3"]) previews.forget(id);
    made.get("2")?.("blob:2");
    await settle();
    expect(released).toEqual(["blob:1", "blob:2"]);
    expect(told).toEqual(["1 blob:1"]);
  });
});
