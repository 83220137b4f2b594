"""PostgreSQL stopped and started: unavailable meanwhile, and as if nothing had been afterwards."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa

from dermfolio.common.db import Database
from dermfolio.common.errors import Unavailable
from dermfolio.common.plumbing import cursors
from dermfolio.local.servers.postgres import Postgres


@pytest.fixture
async def restarted(postgres: Postgres, db: Database) -> AsyncIterator[Postgres]:
    """This worker's server, which holds the database safely, and runs again whatever happens in the test."""
    assert db
    await asyncio.to_thread(postgres.execute, "checkpoint")  # it does not wait for the disk otherwise
    yield postgres
    if postgres.child is None:
        await asyncio.to_thread(postgres.start)


async def _use(db: Database) -> None:
    async with db.write() as s:
        await s.execute(sa.update(cursors).values(seq=cursors.c.seq + 1))
    async with db.read() as rows:
        await rows.fetchval("SELECT count(*) FROM cursors")
    await db.check()
    await (await db.dedicated()).close()


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_a_stopped_server_is_unavailable_and_the_first_use_after_its_start_succeeds(
    db: Database, restarted: Postgres, end: str
) -> None:
    await asyncio.gather(*(_use(db) for _ in range(10)))
    await asyncio.to_thread(getattr(restarted, end))
    for kind in (db.write, db.read):
        for _ in range(3):
            with pytest.raises(Unavailable):
                async with kind() as s:
                    await s.execute(sa.text("SELECT 1") if kind == db.write else "SELECT 1")
    for kind in (db.check, db.dedicated):
        with pytest.raises(Unavailable):
            await kind()
    await asyncio.to_thread(restarted.start)
    await asyncio.gather(*(_use(db) for _ in range(10)))


async def test_blocks_under_way_when_the_server_dies_are_unavailable(db: Database, restarted: Postgres) -> None:
    under_way = asyncio.Barrier(3)

    async def write() -> None:
        async with db.write() as s:
            await s.execute(sa.insert(cursors).values(follower="a", producer="images"))
            await under_way.wait()
            await s.execute(sa.text("SELECT pg_sleep(15)"))

    async def read() -> None:
        async with db.read() as rows:
            await rows.execute("SELECT 1")
            await under_way.wait()
            await rows.execute("SELECT pg_sleep(15)")

    both = [asyncio.create_task(write()), asyncio.create_task(read())]
    await asyncio.wait_for(under_way.wait(), 20)
    await asyncio.to_thread(restarted.kill)
    ends = await asyncio.wait_for(asyncio.gather(*both, return_exceptions=True), 20)
    assert [type(end) for end in ends] == [Unavailable, Unavailable]
    await asyncio.to_thread(restarted.start)
    async with db.read() as rows:
        assert await rows.fetchval("SELECT count(*) FROM cursors") == 0


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_busy_users_meet_nothing_but_unavailable_while_the_server_comes_and_goes(
    db: Database, restarted: Postgres, end: str
) -> None:
    over, uses = asyncio.Event(), 0

    async def use_busily() -> None:
        nonlocal uses
        while not over.is_set():
            try:
                await _use(db)
                uses += 1
            except Unavailable:
                await asyncio.sleep(0.01)

    users = [asyncio.create_task(use_busily()) for _ in range(12)]
    for _ in range(3):
        before = uses
        while uses < before + 50:
            await asyncio.sleep(0.01)
            assert not [user for user in users if user.done()]
        await asyncio.to_thread(getattr(restarted, end))
        await asyncio.to_thread(restarted.start)
    over.set()
    await asyncio.gather(*users)
    await _use(db)
