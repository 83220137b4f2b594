import { describe, expect, it } from "vitest";
import { disposition } from "./disposition";

/** The value of filename*, which may hold attr-char and percent-encoded bytes only (RFC 8187, 3.2.1). */
const FORM = /^attachment; filename\*=UTF-8''((?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-Fa-f]{2})*)$/;

const decoded = (header: string) => decodeURIComponent(FORM.exec(header)?.[1] ?? "no match");

/** Names of random code units, lone surrogates among them; the same in every run. */
function* randomNames(count: number): Generator<string> {
  let seed = 20_260_101;
  const next = (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const ranges = [0x80, 0x800, 0xffff] as const;
  for (let n = 0; n < count; n++) {
    const below = ranges[next(ranges.length)] ?? 0x80;
    yield String.fromCharCode(...Array.from({ length: next(40) }, () => next(below)));
  }
}

describe("Content-Disposition", () => {
  it.each([
    ["arm.jpg", "arm.jpg"],
    ["Fuß links (2).jpg", "Fu%C3%9F%20links%20%282%29.jpg"],
    ["it's 100%*.png", "it%27s%20100%25%2a.png"],
    ["../../etc/passwd", "..%2F..%2Fetc%2Fpasswd"],
    ["a\r\nX-Evil: 1", "a%0D%0AX-Evil%3A%201"],
    ["\ufeffarm.jpg", "%EF%BB%BFarm.jpg"],
    ["\u202egpj.exe", "%E2%80%AEgpj.exe"],
  ])("names %j", (name, value) => expect(disposition(name)).toBe(`attachment; filename*=UTF-8''${value}`));

  it("decodes to the same name, whatever the name is", () => {
    for (const name of randomNames(2_000)) {
      const wellFormed = new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(name));
      expect(decoded(disposition(name))).toBe(wellFormed);
    }
  });
});
