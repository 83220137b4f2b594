"""A pool of ten thousand photographs: its first sight and how it scrolls in a real browser, and its pages over HTTP."""

import asyncio
import statistics
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

from benchmarks.pool.scrolling import scrolled
from benchmarks.rows import Row, bound
from benchmarks.system import running
from benchmarks.web.browser import chromium
from benchmarks.web.first_tiles import first_tiles_ms
from benchmarks.web.seeding import large_pool
from dermfolio.ops.api_client import Api

PHOTOGRAPHS = 10_000
VISITS = 120
"""Effective dates that the photographs are spread over, a fortnight apart."""

DATED_AT_ONCE = 200
PAGE = 200
ROUNDS = 4


def rows() -> list[Row]:
    """The figures of this benchmark; starts a system of its own."""
    return asyncio.run(_measured())


async def _measured() -> list[Row]:
    async with running() as system, system.signed_in() as api, chromium() as browser:
        began = time.monotonic()
        patient = await large_pool(api, PHOTOGRAPHS)
        await _spread_over_visits(api, patient)
        print(f"  {PHOTOGRAPHS:,} photographs in {time.monotonic() - began:.0f} s", flush=True)
        listed = await _pages_p95_ms(api, patient)
        first = await first_tiles_ms(browser, api, patient)
        scroll = await scrolled(browser, api, patient, PHOTOGRAPHS)
    opened = f"navigation to a pool of {PHOTOGRAPHS:,} photographs until its first screen of tiles is painted"
    return [
        bound("pool.list_p95_ms", listed, "ms", f"{PAGE} photographs over HTTP", 100),
        bound("pool.first_tiles_ms", first, "ms", opened, 1000),
        bound("pool.scroll_fps", scroll.fps, "frames/s", "drawn while it scrolls", 50, "higher"),
        bound("pool.dom_nodes", scroll.nodes, "elements", "the most in the page while it scrolls", 3000),
    ]


async def _spread_over_visits(api: Api, patient: UUID) -> None:
    images = [image.id for image in await api.whole_pool(patient)]
    today = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0)
    dates = {image: today - timedelta(weeks=2 * (n % VISITS)) for n, image in enumerate(images)}
    for first in range(0, len(images), DATED_AT_ONCE):
        await api.date_images(patient, {image: dates[image] for image in images[first : first + DATED_AT_ONCE]})


async def _pages_p95_ms(api: Api, patient: UUID) -> float:
    """Of all pages of the pool, from the first to the last, several times."""
    took: list[float] = []
    for _ in range(ROUNDS):
        cursor: str | None = ""
        while cursor is not None:
            query = {"limit": str(PAGE), **({"cursor": cursor} if cursor else {})}
            began = time.perf_counter()
            async with api.http.get(f"/api/v1/patients/{patient}/images", params=query) as answer:
                answer.raise_for_status()
                page = await answer.read()
            took.append(1000 * (time.perf_counter() - began))
            cursor = (await answer.json())["next"] if page else None
    return statistics.quantiles(took, n=20)[18]
