// The anchor: sharp as its documentation shows it, one pipeline per size, awaited in turn.
// Reads {path, prefix} a line, writes <prefix><size>.webp, answers a line.
// sharp's defaults throughout, among them its own choice of threads and its cache.
import { writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import sharp from "sharp";

const sizes = JSON.parse(process.argv[2]);

process.stdout.write(
  JSON.stringify({ sharp: sharp.versions.sharp, vips: sharp.versions.vips, concurrency: sharp.concurrency() }) + "\n",
);
for await (const line of createInterface({ input: process.stdin })) {
  const { path, prefix } = JSON.parse(line);
  for (const size of sizes) {
    const rendition = await sharp(path).autoOrient().resize({ width: size, height: size, fit: "inside" }).webp().toBuffer();
    await writeFile(`${prefix}${size}.webp`, rendition);
  }
  process.stdout.write("{}\n");
}
