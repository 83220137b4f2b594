"""The inbox: a message takes effect once, and attempts are counted before they are made."""

import asyncio
from uuid import uuid4

import pytest
import sqlalchemy as sa

from dermfolio.common.db import Database
from dermfolio.common.inbox import Delivery, Inbox
from dermfolio.common.plumbing import inbox
from dermfolio.local.servers.postgres import Postgres


@pytest.fixture
def box(db: Database) -> Inbox:
    return Inbox(db, "images-ingest")


async def _row(db: Database) -> tuple[str, int]:
    async with db.write() as s:
        row = (await s.execute(sa.select(inbox))).one()
    return row.state, row.attempts


async def test_attempts_are_counted_in_the_database_before_they_are_made(db: Database, box: Inbox) -> None:
    message = uuid4()
    for attempt in (1, 2, 3):
        assert await box.begin(message) == Delivery("images-ingest", message, attempt)
        assert await _row(db) == ("open", attempt)
    assert await Inbox(db, "images-ingest").begin(message) == Delivery("images-ingest", message, 4)


async def test_an_attempt_that_ended_for_another_reason_does_not_count(db: Database, box: Inbox) -> None:
    message = uuid4()
    for _ in range(3):
        delivery = await box.begin(message)
        assert delivery is not None
        assert delivery.attempt == 1
        await box.forget_attempt(message)
    assert await _row(db) == ("open", 0)


async def test_an_attempt_that_the_databases_own_outage_ended_does_not_count(
    db: Database, box: Inbox, postgres: Postgres
) -> None:
    message = uuid4()
    for _ in range(2):
        delivery = await box.begin(message)
        assert delivery is not None
        assert delivery.attempt == 1
        await asyncio.to_thread(postgres.stop)
        await box.forget_attempt(message)
        await asyncio.to_thread(postgres.start)
    assert await _row(db) == ("open", 1)


async def test_a_message_is_done_with_the_effect_or_not_at_all(db: Database, box: Inbox) -> None:
    delivery = await box.begin(uuid4())
    assert delivery is not None
    with pytest.raises(ValueError, match="the effect fails"):  # noqa: PT012
        async with db.write() as s:
            assert await delivery.done(s)
            raise ValueError("the effect fails")
    assert await _row(db) == ("open", 1)
    async with db.write() as s:
        assert await delivery.done(s)
    assert await _row(db) == ("done", 1)


async def test_of_two_deliveries_at_once_one_is_done(db: Database, box: Inbox) -> None:
    message = uuid4()
    deliveries = [await box.begin(message), await box.begin(message)]

    async def do(delivery: Delivery | None) -> bool:
        assert delivery is not None
        async with db.write() as s:
            return await delivery.done(s)

    assert sorted(await asyncio.gather(*map(do, deliveries))) == [False, True]


@pytest.mark.parametrize("end", ["settle", "bury", "refuse"])
async def test_a_message_that_ended_is_not_begun_again(db: Database, box: Inbox, end: str) -> None:
    message = uuid4()
    if end != "refuse":
        await box.begin(message)
    await getattr(box, end)(message)
    assert await box.begin(message) is None
    for later in ("settle", "bury", "refuse", "forget_attempt"):
        await getattr(box, later)(message)
    assert (await _row(db))[0] == ("done" if end == "settle" else "buried")


async def test_consumers_do_not_know_each_others_messages(db: Database, box: Inbox) -> None:
    message = uuid4()
    await box.begin(message)
    await box.settle(message)
    assert await Inbox(db, "images-other").begin(message) == Delivery("images-other", message, 1)
