import { expect, it } from "vitest";
import { together } from "./together";

function asking(most: number) {
  const asked: string[][] = [];
  const get = together(async (ids) => {
    asked.push(ids);
    return new Map(ids.filter((id) => id !== "nobody").map((id) => [id, id.toUpperCase()]));
  }, most);
  return { asked, get };
}

it("asks once for what is asked for together", async () => {
  const { asked, get } = asking(100);
  expect(await Promise.all([get("a"), get("b"), get("a"), get("nobody")])).toEqual(["A", "B", "A", null]);
  expect(asked).toEqual([["a", "b", "nobody"]]);
  expect(await get("c")).toBe("C");
  expect(asked).toHaveLength(2);
});

it("asks for no more at a time than may be", async () => {
  const { asked, get } = asking(2);
  expect(await Promise.all(["a", "b", "c"].map(get))).toEqual(["A", "B", "C"]);
  expect(asked).toEqual([["a", "b"], ["c"]]);
});

it("fails for all of them, and asks again when asked again", async () => {
  let fails = true;
  const get = together(async (ids) => {
    if (fails) throw new Error("unreachable");
    return new Map(ids.map((id) => [id, id]));
  }, 100);
  const failed = await Promise.allSettled([get("a"), get("b")]);
  expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  fails = false;
  expect(await get("a")).toBe("a");
});
