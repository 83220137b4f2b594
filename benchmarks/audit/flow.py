"""How fast facts become records: as they happen, and after the trail's service was away."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from benchmarks.system import System
from dermfolio.common.testing import eventually
from dermfolio.local.servers.postgres import Postgres

PRODUCERS = {"patients": "evt.patients.viewed", "images": "evt.images.rendition_viewed"}
OFFERED = 2_000
"""Facts per second, of all producers together."""

SECONDS = 20
MISSED = 40_000
TURN = 0.1
PATIENCE = 300.0

_FACTS = """
INSERT INTO outbox (id, kind, subject, at, payload, origin, broadcast)
SELECT id, 'evt', $2, now(), jsonb_build_object(
    'v', 1, 'id', id, 'at', now(), 'site', gen_random_uuid(), 'patient', gen_random_uuid(), 'outcome', 'success',
    'image', gen_random_uuid(), 'size', '1280'
), jsonb_build_object(
    'user', gen_random_uuid(), 'session', gen_random_uuid(), 'roles', jsonb_build_array('clinician'),
    'address', '10.0.0.17', 'request_id', gen_random_uuid(),
    'user_agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
), false
FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $1)) AS new
"""
"""Facts as a service writes them; those of a read, which only the trail hears of."""


async def ingest_per_second(system: System) -> float:
    """Facts happen for SECONDS; records per second until the last one is in the trail."""
    async with _tables(system) as tables:
        before, began = await _records(tables), time.monotonic()
        facts = round(OFFERED * TURN / len(PRODUCERS))
        turns = round(SECONDS / TURN)
        for turn in range(turns):
            await asyncio.sleep(began + turn * TURN - time.monotonic())
            await asyncio.gather(*(_say(tables, producer, facts) for producer in PRODUCERS))
        return await _rate(tables, before, turns * facts * len(PRODUCERS), began)


async def catch_up_per_second(system: System) -> float:
    """Facts that happened while the trail's service was down; records per second from its return to the last one."""
    async with _tables(system) as tables:
        before = await _records(tables)
        async with system.stack.down("audit-serve-1"):
            await asyncio.gather(*(_say(tables, producer, MISSED // len(PRODUCERS)) for producer in PRODUCERS))
            await eventually(lambda: _all_numbered(tables), seconds=PATIENCE)
        await system.stack.ready()
        return await _rate(tables, before, MISSED, time.monotonic(), already=await _records(tables) - before)


Tables = dict[str, asyncpg.Connection]


@asynccontextmanager
async def _tables(system: System) -> AsyncIterator[Tables]:
    """The databases of the trail and of the producers, as the superuser sees them."""
    postgres: Postgres = system.stack.embedded.postgres
    opened: Tables = {}
    try:
        for name in ("audit", *PRODUCERS):
            opened[name] = await asyncpg.connect(
                host="127.0.0.1", port=postgres.port, user="postgres", password=postgres.password, database=name
            )
        yield opened
    finally:
        for connection in opened.values():
            await connection.close()


async def _say(tables: Tables, producer: str, facts: int) -> None:
    await tables[producer].execute(_FACTS, facts, PRODUCERS[producer])


async def _records(tables: Tables) -> int:
    return int(await tables["audit"].fetchval("SELECT position FROM trail_head"))


async def _all_numbered(tables: Tables) -> bool:
    left = [
        await tables[p].fetchval("SELECT count(*) FROM outbox WHERE seq IS NULL AND kind = 'evt'") for p in PRODUCERS
    ]
    return not sum(left)


async def _rate(tables: Tables, before: int, facts: int, began: float, already: int = 0) -> float:
    """Records per second, since `began`, of facts of which some are in the trail already."""

    async def done() -> bool:
        return await _records(tables) - before >= facts

    await eventually(done, seconds=PATIENCE)
    return (facts - already) / (time.monotonic() - began)
