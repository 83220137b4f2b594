"""Jobs that the bus lost are sent again; those that it keeps, or that are done, are not."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from nats.js.client import JetStreamContext
from prometheus_client import REGISTRY

from dermfolio.common import outbox as module
from dermfolio.common.bus import Publisher, publishing
from dermfolio.common.db import Database
from dermfolio.common.errors import Unavailable
from dermfolio.common.inbox import Delivery
from dermfolio.common.outbox import Relay
from dermfolio.common.plumbing import outbox
from dermfolio.contracts.images import IngestImage
from dermfolio.contracts.messages import Job
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.streams import DEAD, JOBS
from dermfolio.local.servers.nats_server import NatsServer


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job counts as overdue at once."""
    monkeypatch.setattr(module, "LOST_AFTER", timedelta(0))
    monkeypatch.setattr(module, "SWEEP_SECONDS", 0.1)
    monkeypatch.setattr(module, "POLL_SECONDS", 0.1)
    monkeypatch.setattr(publishing, "ACK_SECONDS", 2.0)


@pytest.fixture
async def relay(db: Database, connect: Any, streams: Any) -> AsyncIterator[Relay]:
    """The relay of images, which acts when told to."""
    assert streams
    async with connect("images") as connection:
        yield Relay(db, Publisher(connection))


class Counting:
    """A handler that has one effect per job, and counts how often it ran."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.runs: list[Job] = []

    async def handle(self, job: Job, delivery: Delivery) -> None:
        self.runs.append(job)
        async with self.db.write() as s:
            await delivery.done(s)


async def _say(db: Database, number: int) -> list[IngestImage]:
    jobs = [IngestImage(image=uuid4(), patient=uuid4(), site=uuid4(), attempt=uuid4()) for _ in range(number)]
    async with db.write() as s:
        for job in jobs:
            s.say(job, Origin(service="images"))
    return jobs


async def _left(js: JetStreamContext) -> int:
    return (await js.stream_info(JOBS.name)).state.messages


async def test_jobs_of_a_stream_that_was_deleted_are_sent_again_and_done_once(
    db: Database, relay: Relay, working: Any, js: JetStreamContext, streams: Any, until: Any
) -> None:
    jobs = await _say(db, 30)
    await relay.publish_waiting()
    await js.delete_stream(JOBS.name)
    await streams()
    assert await _left(js) == 0
    assert await relay.resend_lost_jobs() == 30
    assert await relay.resend_lost_jobs() == 0
    counting = Counting(db)
    async with working(counting.handle):
        await until(lambda: len(counting.runs) == 30)
    assert [j.id for j in counting.runs] == [j.id for j in jobs]


async def test_the_stream_is_emptied_again_and_again_while_jobs_are_said_and_done(
    db: Database, relaying: Any, working: Any, js: JetStreamContext, streams: Any, until: Any
) -> None:
    counting = Counting(db)
    async with relaying(db), working(counting.handle, concurrency=2):
        said: list[IngestImage] = []
        for way in ("delete", "purge", "delete"):
            said += await _say(db, 15)
            await until(lambda: len(counting.runs) > 0)
            await (js.delete_stream(JOBS.name) if way == "delete" else js.purge_stream(JOBS.name))
            await streams()
            said += await _say(db, 5)

        async def all_done() -> bool:
            async with db.read() as rows:
                return bool(await rows.fetchval("SELECT count(*) FROM inbox WHERE state = 'done'") == len(said))

        await until(all_done, 60)
    assert {j.id for j in counting.runs} == {j.id for j in said}


async def test_jobs_that_wait_or_are_being_done_are_not_sent_again(
    db: Database, relay: Relay, working: Any, js: JetStreamContext, until: Any
) -> None:
    await _say(db, 5)
    await relay.publish_waiting()
    assert await relay.resend_lost_jobs() == 0
    inside, release = asyncio.Event(), asyncio.Event()

    async def hold(_: Job, delivery: Delivery) -> None:
        inside.set()
        await release.wait()

    async with working(hold):
        await asyncio.wait_for(inside.wait(), 20)
        assert await relay.resend_lost_jobs() == 0
        release.set()
    assert await _left(js) >= 4


async def test_jobs_that_are_done_or_buried_are_not_sent_again(
    db: Database, relay: Relay, working: Any, js: JetStreamContext, until: Any
) -> None:
    jobs = await _say(db, 4)

    async def handle(job: Job, delivery: Delivery) -> None:
        if job.id == jobs[0].id:
            raise ValueError
        if job.id == jobs[1].id:
            return  # without an effect in the database
        async with db.write() as s:
            await delivery.done(s)

    async def empty() -> bool:
        return await _left(js) == 0

    await relay.publish_waiting()
    async with working(handle, fault_delays=()):
        await until(empty)
    assert await relay.resend_lost_jobs() == 0


async def test_a_job_that_its_worker_does_not_understand_is_buried_once_and_not_sent_for_ever(
    db: Database, relay: Relay, working: Any, js: JetStreamContext, until: Any
) -> None:
    await _say(db, 1)
    async with db.write() as s:
        await s.execute(sa.update(outbox).values(payload={"v": 2}))

    async def buried() -> bool:
        return await _left(js) == 0 and (await js.stream_info(DEAD.name)).state.messages == 1

    await relay.publish_waiting()
    async with working(Counting(db).handle):
        await until(buried)
    assert await relay.resend_lost_jobs() == 0


async def test_more_lost_jobs_than_a_batch_are_all_found(
    db: Database, relay: Relay, js: JetStreamContext, streams: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _say(db, 25)
    await relay.publish_waiting()
    await js.purge_stream(JOBS.name)
    monkeypatch.setattr(module, "BATCH", 10)
    assert [await relay.resend_lost_jobs() for _ in range(4)] == [10, 10, 5, 0]
    assert await _left(js) == 25


async def test_what_the_stream_keeps_at_a_jobs_place_must_be_that_job(
    db: Database, relay: Relay, js: JetStreamContext, streams: Any
) -> None:
    await _say(db, 1)
    await relay.publish_waiting()
    await js.delete_stream(JOBS.name)
    await streams()
    await js.publish(IngestImage.subject, b"another", headers={"Nats-Msg-Id": str(uuid4())})
    assert await relay.resend_lost_jobs() == 1


async def test_nothing_is_taken_for_lost_while_the_bus_cannot_tell(
    db: Database, relay: Relay, nats: NatsServer, js: JetStreamContext
) -> None:
    before = REGISTRY.get_sample_value("dermfolio_outbox_resent_total", {"subject": IngestImage.subject}) or 0.0
    await _say(db, 1)
    await relay.publish_waiting()
    await js.delete_stream(JOBS.name)
    with pytest.raises(Unavailable):  # the stream is not there: that is not the same as not keeping the job
        await relay.resend_lost_jobs()
    await asyncio.to_thread(nats.kill)
    with pytest.raises(Unavailable):
        await relay.resend_lost_jobs()
    after = REGISTRY.get_sample_value("dermfolio_outbox_resent_total", {"subject": IngestImage.subject}) or 0.0
    assert after == before
