"""How soon what is typed into the notes of an entry is saved, and seen by somebody else: two browsers, two gateways."""

import asyncio
import math
from typing import Any

from playwright.async_api import Browser, Page

from benchmarks.rows import Row, bound
from benchmarks.system import System, running
from benchmarks.web.browser import chromium, window
from dermfolio.contracts.views.entries import EntryView

KEYSTROKES = 8
ROUNDS = 40
WARM_UP = 3
BETWEEN_SECONDS = 0.3

_TYPED = """() => {
  window.typedAt = 0;
  document.addEventListener("input", event => {
    if (event.target.matches("textarea")) window.typedAt = performance.timeOrigin + performance.now();
  }, true);
}"""
"""When the last keystroke arrived in the page, by the clock of the machine that both browsers share."""

_SAVED = """async words => {
  const saved = () => {
    const status = [...document.querySelectorAll("[role=status]")].map(one => one.getAttribute("aria-label"));
    return document.querySelector("textarea").value.endsWith(words) && status.includes("All changes saved");
  };
  while (!saved()) await new Promise(requestAnimationFrame);
  return performance.timeOrigin + performance.now() - window.typedAt;
}"""
"""Milliseconds from the last keystroke until the page says that all is saved."""

_SEEN = """async words => {
  while (!document.querySelector("textarea").value.endsWith(words)) await new Promise(requestAnimationFrame);
  return performance.timeOrigin + performance.now();
}"""


def rows() -> list[Row]:
    """The figures of this benchmark; starts a system of its own."""
    return asyncio.run(_measured())


async def _measured() -> list[dict[str, Any]]:
    async with running(replicas=2) as system, chromium() as writing, chromium() as reading:
        times = await _times(system, writing, reading)
    saved, seen = (sorted(one) for one in zip(*times, strict=True))
    print(f"  saved: median {saved[len(saved) // 2]:.0f} ms; seen: median {seen[len(seen) // 2]:.0f} ms", flush=True)
    return [
        bound(
            "notes.saved_p95_ms", _p95(saved), "ms", "the last keystroke until the page says that all is saved", 1000
        ),
        bound("notes.seen_p95_ms", _p95(seen), "ms", "the last keystroke until it stands in another browser", 1500),
    ]


async def _times(system: System, writing: Browser, reading: Browser) -> list[tuple[float, float]]:
    async with system.signed_in(0) as writer, system.signed_in(1) as reader:
        patient = await writer.create_patient("notes")
        entry = await writer.create_entry(patient.id)
        async with window(writing, writer) as here, window(reading, reader) as there:
            await asyncio.gather(_open(here, writer.base_url, entry), _open(there, reader.base_url, entry))
            await here.evaluate(_TYPED)
            return [await _round(here, there, number) for number in range(WARM_UP + ROUNDS)][WARM_UP:]


async def _open(page: Page, url: str, entry: EntryView) -> None:
    await page.goto(f"{url}/patients/{entry.patient}/entries/{entry.id}")
    await page.get_by_role("textbox", name="Notes").wait_for()
    await page.locator("[data-connection=live]").wait_for(state="attached")


async def _round(here: Page, there: Page, number: int) -> tuple[float, float]:
    """(saved, seen), both from the last keystroke."""
    words = f"{number:0{KEYSTROKES}d}"
    seen = asyncio.create_task(there.evaluate(_SEEN, words))
    await here.get_by_role("textbox", name="Notes").press_sequentially(f"\n{words}")
    saved = await here.evaluate(_SAVED, words)
    typed = await here.evaluate("window.typedAt")
    found = saved, await seen - typed
    await asyncio.sleep(BETWEEN_SECONDS)
    return found


def _p95(ordered: list[float]) -> float:
    return ordered[math.ceil(0.95 * len(ordered)) - 1]
