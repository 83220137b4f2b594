import { expect, it } from "vitest";
import { browserName } from "./browser";

const LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1";

it("names browser and system", () => {
  expect(browserName(LINUX)).toBe("Chrome · Linux");
  expect(browserName(PHONE)).toBe("Safari · iOS");
  expect(browserName(`${LINUX} Edg/140.0`)).toBe("Edge · Linux");
});

it("says what is not known as it was said, and nothing where nothing was", () => {
  expect(browserName("curl/8.5")).toBe("curl/8.5");
  expect(browserName(null)).toBeNull();
});
