"""What its record adds to the latency of a read: the same reads at the level of the trail that leaves them out."""

import asyncio
import statistics

from benchmarks.api.load import Target, one_after_another
from benchmarks.system import System
from dermfolio.contracts.views.settings import AuditLevel
from dermfolio.local.servers.ports import HOST
from dermfolio.ops.api_client import PREFIX, Api

AT_ONCE = 32
READS = 1_600
ROUNDS = 4
IN_FORCE_SECONDS = 7.0
"""After a change of level, until every replica has asked for it again."""


async def added_ms(system: System) -> float:
    """Median latency with the record less that without, in milliseconds, of 32 readers who never pause."""
    async with system.signed_in() as admin:
        patient = (await admin.create_patient("overhead-1")).id
        cookie = next(c.value for c in admin.http.cookie_jar if c.key == "dermfolio_session")
        target = Target(HOST, int(system.stack.gateways[0].rpartition(":")[2]), cookie)
        requests = [target.get(f"{PREFIX}/patients/{patient}")] * READS
        took: dict[AuditLevel, list[float]] = {"essential": [], "comprehensive": []}
        for number in range(ROUNDS):
            for level in sorted(took, reverse=bool(number % 2)):
                await _decide(admin, level)
                took[level] += await one_after_another(target, requests, AT_ONCE)
        await _decide(admin, "comprehensive")
    medians = {level: 1000 * statistics.median(seconds) for level, seconds in took.items()}
    print(f"  a read: {medians['comprehensive']:.1f} ms, unrecorded {medians['essential']:.1f} ms", flush=True)
    return medians["comprehensive"] - medians["essential"]


async def _decide(admin: Api, level: AuditLevel) -> None:
    before = await admin.get_settings()
    if before.audit_level != level:
        await admin.change_settings(before.version, audit_level=level)
    await asyncio.sleep(IN_FORCE_SECONDS)
