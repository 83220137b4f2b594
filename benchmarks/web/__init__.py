"""What the user interface costs in a real browser: its script, the first sight of a large pool, a large upload."""

import asyncio
from typing import Any, Literal

from benchmarks.system import running
from benchmarks.web.browser import chromium
from benchmarks.web.first_tiles import PHOTOGRAPHS, first_tiles_ms
from benchmarks.web.initial_script import initial_bytes
from benchmarks.web.throughput import share_of_workers


def rows() -> list[dict[str, Any]]:
    """The figures of this benchmark; starts a system of its own."""
    return asyncio.run(_measured())


async def _measured() -> list[dict[str, Any]]:
    async with running() as system, system.signed_in() as api, chromium() as browser:
        kilobytes = await initial_bytes(browser, api) / 1000
        milliseconds = await first_tiles_ms(browser, api)
        share = await share_of_workers(system, browser, api)
    before = "compressed script that arrives before the Patient Database is shown"
    opened = f"navigation to a pool of {PHOTOGRAPHS:,} photographs until its first screen of tiles is painted"
    return [
        _row("web.initial_js_kb", "bound", round(kilobytes, 1), "kB", before, 250, "lower"),
        _row("web.pool_first_tiles_ms", "bound", round(milliseconds), "ms", opened, 1000, "lower"),
        _row("web.upload_200_vs_ingest", "ratio", round(share, 3), "x", "the ingest workers alone", 0.85, "higher"),
    ]


def _row(
    name: str,
    kind: Literal["ratio", "bound"],
    value: float,
    unit: str,
    anchor: str,
    goal: float,
    better: Literal["lower", "higher"],
) -> dict[str, Any]:
    return {
        "name": name,
        "kind": kind,
        "value": value,
        "unit": unit,
        "anchor": anchor,
        "goal": goal,
        "better": better,
    }
