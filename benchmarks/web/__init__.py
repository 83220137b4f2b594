"""What the user interface costs in a real browser: its script, the first sight of a large pool, a large upload."""

import asyncio
import os
from typing import Any

from benchmarks.rows import Row, bound, ratio
from benchmarks.system import running
from benchmarks.web.browser import chromium
from benchmarks.web.first_tiles import first_tiles_ms
from benchmarks.web.initial_script import initial_bytes
from benchmarks.web.seeding import large_pool
from benchmarks.web.throughput import share_of_workers

PHOTOGRAPHS = 1000
LEAVING_A_CORE = {"images-work": {"DERMFOLIO_DECODING_WORKERS": str(max(1, (os.cpu_count() or 1) - 1))}}
"""The browser has a machine of its own in a clinic, and here a core at least, beside the workers."""


def rows() -> list[Row]:
    """The figures of this benchmark; starts a system of its own."""
    return asyncio.run(_measured())


async def _measured() -> list[dict[str, Any]]:
    async with running(env=LEAVING_A_CORE) as system, system.signed_in() as api, chromium() as browser:
        kilobytes = await initial_bytes(browser, api) / 1000
        milliseconds = await first_tiles_ms(browser, api, await large_pool(api, PHOTOGRAPHS))
        share = await share_of_workers(system, browser, api)
    before = "compressed script that arrives before the Patient Database is shown"
    opened = f"navigation to a pool of {PHOTOGRAPHS:,} photographs until its first screen of tiles is painted"
    return [
        bound("web.initial_js_kb", kilobytes, "kB", before, 250),
        bound("web.pool_first_tiles_ms", milliseconds, "ms", opened, 1000),
        ratio("web.upload_200_vs_ingest", share, "the ingest workers alone", 0.85, "higher"),
    ]
