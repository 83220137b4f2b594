"""Reads and denials are on record before the reply leaves, in groups; without the record there is no reply."""

import asyncio
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from dermfolio.common import reads
from dermfolio.common.db import Database
from dermfolio.common.errors import Unavailable
from dermfolio.common.plumbing import outbox
from dermfolio.common.reads import ReadLog, recording
from dermfolio.contracts.images import ImagesAccessDenied, ImageViewed, OriginalDownloaded
from dermfolio.contracts.replay import Origin
from dermfolio.local.servers.postgres import Postgres

ORIGIN = Origin(user=UUID(int=1))

_HELD_UP = """
SELECT EXISTS (SELECT FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%INSERT INTO outbox%')
"""


def _viewed() -> ImageViewed:
    return ImageViewed(image=uuid4(), patient=uuid4(), site=uuid4())


async def _ids(db: Database) -> set[UUID]:
    async with db.write() as s:
        return set((await s.execute(sa.select(outbox.c.id))).scalars())


async def test_a_record_is_committed_when_the_reader_goes_on(db: Database) -> None:
    event = _viewed()
    await ReadLog(db).record(event, ORIGIN)
    async with db.write() as s:
        row = (await s.execute(sa.select(outbox))).one()
    assert (row.id, row.kind, row.subject) == (event.id, "evt", event.subject)
    assert ImageViewed.model_validate(row.payload) == event
    assert Origin.model_validate(row.origin) == ORIGIN


@pytest.mark.req("AUD-2")
async def test_at_the_level_essential_only_routine_reads_of_patients_known_not_to_be_shared_are_left_out(
    db: Database,
) -> None:
    level = {"essential": True}
    log = ReadLog(db, lambda: level["essential"])
    asked: list[bool] = []

    async def known(*, shared: bool) -> bool:
        asked.append(shared)
        return shared

    downloaded = OriginalDownloaded(image=uuid4(), patient=uuid4(), site=uuid4())
    denied = ImagesAccessDenied(request="rpc.images.get", code="not_found")
    kept = [_viewed() for _ in range(4)]
    await log.record(_viewed(), ORIGIN, shared=False)
    await log.record(_viewed(), ORIGIN, shared=partial(known, shared=False))
    await log.record(kept[0], ORIGIN)
    await log.record(kept[1], ORIGIN, shared=partial(known, shared=True))
    await log.record(kept[2], ORIGIN.model_copy(update={"opening": uuid4()}), shared=partial(known, shared=False))
    for event in (downloaded, denied):
        await log.record(event, ORIGIN, shared=partial(known, shared=False))
    assert asked == [False, True], "it is asked only where it matters"
    level["essential"] = False
    await log.record(kept[3], ORIGIN, shared=partial(known, shared=False))
    assert asked == [False, True]
    assert await _ids(db) == {event.id for event in (*kept, downloaded, denied)}


async def test_many_readers_share_a_few_commits(db: Database) -> None:
    db.on_said = lambda: pytest.fail("the relay is not woken for what is not broadcast")
    log, events = ReadLog(db), [_viewed() for _ in range(600)]
    await asyncio.gather(*(log.record(event, ORIGIN) for event in events))
    assert await _ids(db) == {event.id for event in events}
    async with db.read() as rows:
        commits = await rows.fetchval("SELECT count(DISTINCT xmin::text) FROM outbox")
    assert commits <= 600 / reads.GROUP_SIZE + 1


async def test_who_comes_during_a_commit_shares_the_next_one(db: Database, until: Any) -> None:
    async def held_up() -> bool:
        async with db.read() as rows:
            return bool(await rows.fetchval(_HELD_UP))

    log = ReadLog(db)
    async with db.write() as s:
        await s.execute(sa.text("LOCK TABLE outbox"))
        tasks = [asyncio.create_task(log.record(_viewed(), ORIGIN))]
        await until(held_up)
        tasks += [asyncio.create_task(log.record(_viewed(), ORIGIN)) for _ in range(20)]
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    async with db.read() as rows:
        commits = await rows.fetch("SELECT count(*) AS size FROM outbox GROUP BY xmin::text ORDER BY size")
    assert [commit["size"] for commit in commits] == [1, 20]


async def test_a_commit_that_fails_fails_every_read_of_its_group_and_no_later_one(db: Database) -> None:
    log, event = ReadLog(db), _viewed()
    await log.record(event, ORIGIN)
    group = [log.record(e, ORIGIN) for e in (_viewed(), event, _viewed())]  # an id twice breaks a constraint
    ends = await asyncio.gather(*group, return_exceptions=True)
    assert [type(end) for end in ends] == [Unavailable] * 3
    assert len(await _ids(db)) == 1
    await log.record(_viewed(), ORIGIN)
    assert len(await _ids(db)) == 2


async def test_without_the_database_nothing_is_read(db: Database, postgres: Postgres) -> None:
    log = ReadLog(db)
    await log.record(_viewed(), ORIGIN)
    await asyncio.to_thread(postgres.stop)
    try:
        with pytest.raises(Unavailable):
            await asyncio.wait_for(log.record(_viewed(), ORIGIN), 60)
    finally:
        await asyncio.to_thread(postgres.start)
    await log.record(_viewed(), ORIGIN)
    assert len(await _ids(db)) == 2


async def test_a_reader_that_went_away_does_not_hold_the_others(db: Database) -> None:
    log = ReadLog(db)
    tasks: list[asyncio.Task[Any]] = [asyncio.create_task(log.record(_viewed(), ORIGIN)) for _ in range(5)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    tasks[3].cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert [end for end in ends if not isinstance(end, asyncio.CancelledError)] == [None] * 3


async def test_a_statement_that_records_itself_is_committed_with_its_record(db: Database) -> None:
    records = """SELECT gen_random_uuid() AS id, concat('"site":"', at_home, '"') AS said FROM seen"""
    statement = f"WITH seen AS (SELECT $1::uuid AS at_home), r AS ({recording(records, first=2)}) SELECT * FROM seen"  # noqa: S608 - the test's own
    event, site = _viewed(), uuid4()
    [row] = await ReadLog(db).show(statement, site, event=event, origin=ORIGIN, said={"site"})
    assert row["at_home"] == site
    async with db.write() as s:
        written = (await s.execute(sa.select(outbox))).one()
    recorded = ImageViewed.model_validate(written.payload)
    assert recorded == event.model_copy(update={"id": written.id, "site": site})
    assert (written.kind, written.subject, written.at, written.broadcast) == ("evt", event.subject, event.at, False)
    assert Origin.model_validate(written.origin) == ORIGIN
