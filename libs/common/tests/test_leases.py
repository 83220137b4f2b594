"""Of several replicas one does a chore at a time, and another takes over when it dies."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from dermfolio.common import leases
from dermfolio.common.db import Database
from dermfolio.common.errors import Unavailable
from dermfolio.common.leases import Leases, lock_number
from dermfolio.local.servers.postgres import Postgres


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "CHECK_SECONDS", 0.05)


class Chore:
    """Notes which replica does it now, and how many ever did it at once."""

    def __init__(self) -> None:
        self.at_work: list[str] = []
        self.most = 0
        self.began: list[str] = []

    def of(self, replica: str) -> Callable[[], Any]:
        async def work() -> None:
            self.at_work.append(replica)
            self.began.append(replica)
            self.most = max(self.most, len(self.at_work))
            try:
                await asyncio.sleep(3600)
            finally:
                self.at_work.remove(replica)

        return work


Holding = Callable[..., AbstractAsyncContextManager[Leases]]


@pytest.fixture
def holding(db: Database) -> Holding:
    """What competes for leases, for the length of a block."""

    @asynccontextmanager
    async def run(tasks: dict[str, Any]) -> AsyncIterator[Leases]:
        one = Leases(db, tasks)
        task = asyncio.create_task(one.run())
        try:
            yield one
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    return run


async def _end_holder(db: Database, name: str) -> None:
    """End the database connection that holds a lease, as the death of its process does."""
    end = """
        SELECT pg_terminate_backend(pid) FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32) | objid::bigint = :number
    """
    async with db.write() as s:
        assert (await s.execute(sa.text(end), {"number": lock_number(name)})).scalar_one()


async def test_two_replicas_compete_and_one_works(holding: Holding, until: Any) -> None:
    chore = Chore()
    async with holding({"chore": chore.of("a")}) as a, holding({"chore": chore.of("b")}) as b:
        await until(lambda: chore.at_work)
        await asyncio.sleep(0.3)
        assert len(a.held | b.held) == 1
        assert len(chore.began) == 1
    assert chore.most == 1


async def test_who_stops_hands_over(holding: Holding, until: Any) -> None:
    chore = Chore()
    async with holding({"chore": chore.of("b")}):
        await until(lambda: chore.at_work == ["b"])
        async with holding({"chore": chore.of("c")}):
            await asyncio.sleep(0.2)
            assert chore.at_work == ["b"]
        async with holding({"chore": chore.of("d")}):
            pass
    async with holding({"chore": chore.of("e")}):
        await until(lambda: chore.at_work == ["e"])
    assert chore.most == 1
    assert chore.at_work == []


async def test_when_the_holders_connection_dies_it_stops_and_another_takes_over(
    db: Database, holding: Holding, until: Any
) -> None:
    chore = Chore()
    async with holding({"chore": chore.of("a")}):
        await until(lambda: chore.at_work == ["a"])
        async with holding({"chore": chore.of("b")}):
            for _ in range(3):
                chore.began.clear()
                await _end_holder(db, "chore")
                await until(lambda: chore.began and len(chore.at_work) == 1)
    assert chore.at_work == []


async def test_leases_are_independent(holding: Holding, until: Any) -> None:
    one, two = Chore(), Chore()
    async with holding({"one": one.of("a")}):
        await until(lambda: one.at_work == ["a"])
        async with holding({"one": one.of("b"), "two": two.of("b")}) as b:
            await until(lambda: two.at_work == ["b"])
            assert b.held == {"two"}
    assert one.began == ["a"]


@pytest.mark.parametrize("end", [None, ValueError("a fault"), Unavailable("store")], ids=repr)
async def test_a_task_that_ends_is_begun_again(holding: Holding, until: Any, end: Exception | None) -> None:
    began: list[int] = []

    async def short() -> None:
        began.append(1)
        if end is not None:
            raise end

    other = Chore()
    async with holding({"short": short, "other": other.of("a")}):
        await until(lambda: len(began) >= 3)
    assert other.began == ["a"]


async def test_leases_are_taken_again_after_an_outage_of_the_database(
    holding: Holding, postgres: Postgres, until: Any
) -> None:
    chore = Chore()
    async with holding({"chore": chore.of("a")}), holding({"chore": chore.of("b")}):
        await until(lambda: len(chore.at_work) == 1)
        await asyncio.to_thread(postgres.stop)
        try:
            await until(lambda: chore.at_work == [])
        finally:
            await asyncio.to_thread(postgres.start)
        await until(lambda: len(chore.at_work) == 1)


def test_a_leases_number_fits_postgresql_and_stays_the_same() -> None:
    assert lock_number("relay") == lock_number("relay") != lock_number("migrate")
    assert all(-(2**63) <= lock_number(str(n)) < 2**63 for n in range(100))
