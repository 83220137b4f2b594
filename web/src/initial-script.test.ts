import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const BUILT = new URL("../../var/web/", import.meta.url);
const KILOBYTES = 250;

interface Built {
  file: string;
  imports?: string[];
}

/** What page and route import, and what that imports, dynamic imports apart. */
function imported(built: Record<string, Built>, names: readonly string[]): Set<string> {
  const files = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const { file, imports = [] } = built[name] as Built;
    if (!files.has(file)) waiting.push(...imports);
    files.add(file);
  }
  return files;
}

test("the Patient Database comes with little script", () => {
  const built = JSON.parse(readFileSync(new URL(".vite/manifest.json", BUILT), "utf8"));
  const files = imported(built, ["index.html", "src/database/page.tsx"]);
  const bytes = [...files].map((file) => gzipSync(readFileSync(new URL(file, BUILT))).length);
  expect(files.size).toBeGreaterThan(5);
  expect(bytes.reduce((sum, each) => sum + each, 0) / 1000).toBeLessThan(KILOBYTES);
});
