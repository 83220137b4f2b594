"""How long a large pool takes from navigation until the first screen of its photographs is painted."""

import asyncio
import statistics
from uuid import UUID

from playwright.async_api import Browser

from benchmarks.web.browser import PATIENCE_SECONDS, window
from dermfolio.ops.api_client import Api

WARM_UP = 2
OPENINGS = 7
SETTLE_SECONDS = 2.0
"""Before the navigation: a new window keeps Chromium busy with itself for a while."""

_PAINTED = """async () => {
  const painted = () => {
    const screen = document.querySelector("[data-pool-scroll]")?.getBoundingClientRect();
    if (screen === undefined) return 0;
    const places = [...document.querySelectorAll("[data-tile]")].map(tile => [tile, tile.getBoundingClientRect()]);
    if (!places.some(([, place]) => place.bottom >= screen.bottom)) return 0;
    const seen = places.filter(([, place]) => place.bottom > screen.top && place.top < screen.bottom);
    const pictures = seen.map(([tile]) => tile.querySelector("img[src*='/renditions/']"));
    return pictures.every(picture => picture?.complete && picture.naturalWidth > 0) ? pictures.length : 0;
  };
  await new Promise(done => document.addEventListener("load", () => painted() > 0 && done(), true));
  await new Promise(requestAnimationFrame);
  return [performance.now(), painted()];
}"""
"""Once tiles reach the lower edge, each that is seen has its stored picture, and a frame has passed: milliseconds since
the navigation began, and how many they are."""


async def first_tiles_ms(browser: Browser, api: Api, patient: UUID) -> float:
    """The median over browsers that have never been there."""
    openings = [await _opening(browser, api, patient) for _ in range(WARM_UP + OPENINGS)][WARM_UP:]
    milliseconds = [ms for ms, _ in openings]
    print(f"  {openings[0][1]} tiles: {min(milliseconds):.0f} to {max(milliseconds):.0f} ms", flush=True)
    return statistics.median(milliseconds)


async def _opening(browser: Browser, api: Api, patient: UUID) -> tuple[float, int]:
    async with window(browser, api) as page:
        await asyncio.sleep(SETTLE_SECONDS)
        await page.goto(f"{api.base_url}/patients/{patient}/pool", wait_until="commit")
        async with asyncio.timeout(PATIENCE_SECONDS):
            milliseconds, tiles = await page.evaluate(_PAINTED)
        return milliseconds, tiles
