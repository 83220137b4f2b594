"""The trail: how fast it takes up what happens, how fast it is searched, and how fast it verifies."""

import asyncio

from benchmarks.audit import flow, overhead, search, verify
from benchmarks.rows import Row, bound
from benchmarks.system import running


def rows() -> list[Row]:
    """The figures of this benchmark; starts a system of its own and writes ten million records into its trail."""
    overhead_ms, ingest, catch_up, search_ms = asyncio.run(_measured())
    return [
        bound(
            "audit.ingest_per_second",
            ingest,
            "1/s",
            "facts of two services, as they happen, until recorded",
            1000,
            "higher",
        ),
        bound(
            "audit.catch_up_per_second",
            catch_up,
            "1/s",
            "facts that happened while the service was down",
            2000,
            "higher",
        ),
        bound("audit.search_p95_ms", search_ms, "ms", "a page over HTTP, the slowest of all filters", 100),
        bound("audit.read_overhead_ms", overhead_ms, "ms", "what a record adds to a read, 32 at once", 12),
        bound("audit.verify_per_second", verify.per_second(), "1/s", verify.ABOUT, 50_000, "higher"),
    ]


async def _measured() -> tuple[float, float, float, float]:
    async with running() as system:
        overhead_ms = await overhead.added_ms(system)
        ingest = await flow.ingest_per_second(system)
        catch_up = await flow.catch_up_per_second(system)
        return overhead_ms, ingest, catch_up, await search.p95_ms(system)
