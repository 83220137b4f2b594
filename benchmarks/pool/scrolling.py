"""How a large pool scrolls: the frames that are drawn, as the browser traces them, and how large its page grows."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from playwright.async_api import Browser, CDPSession, Page

from benchmarks.web.browser import window
from dermfolio.ops.api_client import Api

PIXELS_PER_SECOND = 2500
"""A fast wheel: about three screens a second."""

PIXELS = 25_000
WHOLE_SECONDS = 120.0
FRAMES = "-*,disabled-by-default-devtools.timeline.frame"
DRAWN = "DrawFrame"

_WHOLE = """async (photographs) => {
  const whole = () => document.querySelector("h1")?.parentElement?.textContent?.includes(photographs);
  const height = () => document.querySelector("[data-pool-scroll]")?.scrollHeight ?? 0;
  let before = 0;
  while (!whole() || height() !== before) {
    before = height();
    await new Promise(done => setTimeout(done, 2000));
  }
}"""
"""Once every photograph is listed and the page grows no more."""

_COUNT_NODES = """() => {
  window.mostNodes = 0;
  const count = () => {
    window.mostNodes = Math.max(window.mostNodes, document.getElementsByTagName("*").length);
    window.counting = setTimeout(count, 100);
  };
  count();
}"""


@dataclass(frozen=True)
class Scrolled:
    """Frames per second while the pool scrolled, and the most elements that its page had meanwhile."""

    fps: float
    nodes: int


async def scrolled(browser: Browser, api: Api, patient: UUID, photographs: int) -> Scrolled:
    """Scroll a pool of so many photographs down at an even pace, once all of it is there."""
    async with window(browser, api) as page:
        await page.goto(f"{api.base_url}/patients/{patient}/pool")
        async with asyncio.timeout(WHOLE_SECONDS):
            await page.evaluate(_WHOLE, f"{photographs:,}")
        devtools = await page.context.new_cdp_session(page)
        await _scroll(page, devtools, PIXELS_PER_SECOND)  # what is used for the first time takes longer
        await page.evaluate(_COUNT_NODES)
        events = await _traced(page, devtools)
        nodes = await page.evaluate("() => { clearTimeout(window.counting); return window.mostNodes; }")
    drawn = sorted(event["ts"] for event in events if event["name"] == DRAWN)
    seconds = PIXELS / PIXELS_PER_SECOND
    print(f"  {len(drawn)} frames in {seconds:.0f} s, {nodes} elements", flush=True)
    return Scrolled(len(drawn) / seconds, nodes)


async def _scroll(page: Page, devtools: CDPSession, pixels: int) -> None:
    place = await page.locator("[data-pool-scroll]").bounding_box()
    assert place is not None
    await devtools.send(
        "Input.synthesizeScrollGesture",
        {
            "x": place["x"] + place["width"] / 2,
            "y": place["y"] + place["height"] / 2,
            "yDistance": -pixels,
            "speed": PIXELS_PER_SECOND,
            "gestureSourceType": "mouse",
        },
    )


async def _traced(page: Page, devtools: CDPSession) -> list[dict[str, Any]]:
    """What the browser's compositor said of its frames while the pool scrolled."""
    events: list[dict[str, Any]] = []
    ended = asyncio.Event()
    devtools.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    devtools.on("Tracing.tracingComplete", lambda _: ended.set())
    await devtools.send("Tracing.start", {"transferMode": "ReportEvents", "categories": FRAMES})
    await _scroll(page, devtools, PIXELS)
    await devtools.send("Tracing.end")
    await ended.wait()
    return events
