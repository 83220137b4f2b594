import { describe, expect, it } from "vitest";
import { look, mayBePhotograph } from "./sniff";

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe("the first look at a file", () => {
  it.each([
    ["JPEG", "\xff\xd8\xff\xe0\0\x10JFIF"],
    ["PNG", "\x89PNG\r\n\x1a\n\0\0\0\r"],
    ["WebP", "RIFF\x24\0\0\0WEBPVP8 "],
    ["AVIF", "\0\0\0\x1cftypavif"],
    ["little-endian TIFF", "II*\0\x08\0\0\0"],
    ["big-endian TIFF", "MM\0*\0\0\0\x08"],
    ["BigTIFF", "II+\0\x08\0\0\0"],
    ["GIF", "GIF89a\x01\0\x01\0"],
  ])("lets %s pass", (_, head) => expect(mayBePhotograph(bytes(head))).toBe(true));

  it.each([
    ["PDF", "%PDF-1.7\n"],
    ["SVG", "<svg xmlns="],
    ["ZIP", "PK\x03\x04\0\0"],
    ["HTML", "<!doctype html>"],
    ["sound", "RIFF\x24\0\0\0WAVEfmt "],
    ["Photoshop", "8BPS\0\x01"],
    ["text", "II"],
  ])("knows that %s is no photograph", (_, head) => expect(mayBePhotograph(bytes(head))).toBe(false));

  it("does not believe the name", async () => {
    expect(await look(new File(["%PDF-1.7"], "arm.jpg"))).toMatchObject({ code: "unsupported_type" });
    expect(await look(new File([bytes("\xff\xd8\xff\xe0")], "arm.pdf"))).toBeNull();
  });

  it("POOL-3: tells HEIC, which has a way out, from what is no photograph", async () => {
    const heic = new File([bytes("\0\0\0\x24ftypheic\0\0\0\0")], "IMG_0001.HEIC");
    expect(await look(heic)).toMatchObject({ code: "heic" });
    expect(await look(new File([bytes("\0\0\0\x1cftypmif1\0\0\0\0")], "IMG_0002.HEIC"))).toBeNull();
  });

  it("says that a file which is gone cannot be read", async () => {
    const gone = new File(["x"], "gone.jpg");
    gone.slice = () => {
      const part = new Blob();
      part.arrayBuffer = () => Promise.reject(new DOMException("It is gone", "NotFoundError"));
      return part;
    };
    expect(await look(gone)).toMatchObject({ code: "file_unreadable" });
  });
});
