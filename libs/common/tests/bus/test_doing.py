"""Doing jobs: each once, as many at once as wanted, none in the way of another."""

import asyncio
import time
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from nats.js.client import JetStreamContext
from prometheus_client import REGISTRY

from dermfolio.common.db import Database
from dermfolio.common.inbox import Delivery
from dermfolio.common.plumbing import cursors, inbox
from dermfolio.contracts.images import IngestImage
from dermfolio.contracts.messages import Job
from dermfolio.contracts.streams import IMAGES_INGEST, JOBS, STREAMS, DurableConsumer
from dermfolio.local.servers.nats_server import NatsServer

SUBJECT = IngestImage.subject


class Done:
    """A handler that notes what it was given, and holds the jobs that are to be held."""

    def __init__(self, db: Database | None = None) -> None:
        self.db = db
        self.jobs: list[UUID] = []
        self.ended: list[UUID] = []
        self.hold: set[UUID] = set()
        self.release = asyncio.Event()
        self.inside = 0
        self.most = 0

    async def handle(self, job: Job, delivery: Delivery) -> None:
        self.jobs.append(job.id)
        self.inside += 1
        self.most = max(self.most, self.inside)
        if job.id in self.hold:
            await self.release.wait()
        if self.db is not None:
            async with self.db.write() as s:
                if await delivery.done(s):
                    await s.execute(sa.insert(cursors).values(follower=str(uuid4()), producer=str(job.id)))
        self.inside -= 1
        self.ended.append(job.id)


def _jobs(number: int) -> list[IngestImage]:
    return [IngestImage(image=uuid4(), patient=uuid4(), site=uuid4(), attempt=uuid4()) for _ in range(number)]


async def _effects(db: Database) -> list[str]:
    async with db.read() as rows:
        return [r["producer"] for r in await rows.fetch("SELECT producer FROM cursors")]


async def _left(js: JetStreamContext, stream: str = JOBS.name) -> int:
    return (await js.stream_info(stream)).state.messages


async def _states(db: Database) -> list[tuple[str, int]]:
    async with db.write() as s:
        return [(r.state, r.attempts) for r in await s.execute(sa.select(inbox))]


async def test_a_job_is_done_once_and_leaves_the_stream(
    working: Any, send: Any, js: JetStreamContext, db: Database, until: Any
) -> None:
    done = Done(db)
    async with working(done.handle):
        job = await send()
        await until(lambda: done.ended == [job.id])
        await until(lambda: _empty(js))
    assert await _effects(db) == [str(job.id)]
    assert await _states(db) == [("done", 1)]


async def _empty(js: JetStreamContext) -> bool:
    return await _left(js) == 0


async def test_jobs_sent_while_nobody_worked_are_done_later(
    working: Any, send: Any, js: JetStreamContext, until: Any
) -> None:
    jobs, done = _jobs(30), Done()
    await send(*jobs)
    async with working(done.handle):
        await until(lambda: _empty(js))
    assert done.jobs == [job.id for job in jobs]


async def test_a_job_delivered_again_after_its_effect_has_no_second_one(
    working: Any, send: Any, js: JetStreamContext, db: Database, until: Any
) -> None:
    done, job = Done(db), _jobs(1)[0]
    async with working(done.handle):
        await send(job)
        await until(lambda: _empty(js))
        await js.publish(SUBJECT, job.model_dump_json().encode())  # as after a lost acknowledgement
        await until(lambda: _empty(js))
    assert done.jobs == [job.id]
    assert await _effects(db) == [str(job.id)]


async def test_of_two_deliveries_at_once_one_has_the_effect(
    working: Any, send: Any, js: JetStreamContext, db: Database, until: Any
) -> None:
    done, job = Done(db), _jobs(1)[0]
    done.hold.add(job.id)
    async with working(done.handle), working(done.handle):
        await send(job)
        await js.publish(SUBJECT, job.model_dump_json().encode())
        await until(lambda: done.inside == 2)
        done.release.set()
        await until(lambda: len(done.ended) == 2)
        await until(lambda: _empty(js))
    assert await _effects(db) == [str(job.id)]


async def test_a_job_whose_handler_wrote_nothing_is_done_all_the_same(
    working: Any, send: Any, db: Database, js: JetStreamContext, until: Any
) -> None:
    async with working(Done().handle):
        await send()
        await until(lambda: _empty(js))
    assert await _states(db) == [("done", 1)]


async def test_a_job_that_takes_longer_than_the_acknowledgement_wait_runs_once(
    working: Any, send: Any, short_waits: DurableConsumer, until: Any
) -> None:
    done, job = Done(), _jobs(1)[0]
    done.hold.add(job.id)
    async with working(done.handle, durable=short_waits, concurrency=2), working(done.handle, durable=short_waits):
        await send(job)
        await until(lambda: done.inside == 1)
        await asyncio.sleep(2.5)  # two and a half acknowledgement waits, with others idle
        done.release.set()
        await until(lambda: len(done.ended) == 1)
    assert done.jobs == [job.id]


async def test_one_slow_job_does_not_hold_the_others_and_never_more_run_than_wanted(
    working: Any, send: Any, until: Any
) -> None:
    jobs, done = _jobs(40), Done()
    done.hold.add(jobs[0].id)
    async with working(done.handle, concurrency=3):
        await send(*jobs)
        await until(lambda: len(done.ended) == 39)
        assert done.inside == 1
        done.release.set()
        await until(lambda: len(done.ended) == 40)
    assert done.most <= 3
    assert sorted(done.jobs) == sorted(job.id for job in jobs)


async def test_workers_share_the_jobs(working: Any, send: Any, js: JetStreamContext, until: Any) -> None:
    one, two, jobs = Done(), Done(), _jobs(60)
    async with working(one.handle), working(two.handle):
        await send(*jobs)
        await until(lambda: _empty(js))
    assert sorted(one.jobs + two.jobs) == sorted(job.id for job in jobs)
    assert one.jobs
    assert two.jobs


async def test_who_stops_finishes_what_is_under_way_and_takes_no_more(
    working: Any, send: Any, db: Database, js: JetStreamContext, until: Any
) -> None:
    jobs, done = _jobs(2), Done(db)
    done.hold.add(jobs[0].id)
    async with working(done.handle) as task:
        await send(*jobs)
        await until(lambda: done.inside == 1)
        task.cancel()
        await asyncio.sleep(0.2)
        assert not task.done()
        done.release.set()
        await asyncio.gather(task, return_exceptions=True)
    assert done.ended == [jobs[0].id]
    assert await _effects(db) == [str(jobs[0].id)]
    assert await _left(js) == 1


@pytest.mark.usefixtures("streams")
async def test_an_idle_worker_stops_at_once(working: Any) -> None:
    async with working(Done().handle):
        await asyncio.sleep(0.1)
        began = time.monotonic()
    assert time.monotonic() - began < 4  # half of what it would wait for a job that hangs


async def test_a_bus_killed_during_a_job_costs_neither_the_job_nor_its_acknowledgement(
    working: Any, send: Any, nats: NatsServer, db: Database, js: JetStreamContext, until: Any
) -> None:
    jobs, done = _jobs(10), Done(db)
    done.hold = {job.id for job in jobs}
    async with working(done.handle, concurrency=2):
        await send(*jobs)
        await until(lambda: done.inside == 2)
        await asyncio.to_thread(nats.kill)
        done.release.set()
        await until(lambda: len(done.ended) == 2)
        await asyncio.to_thread(nats.start)
        await until(lambda: _empty(js), 60)
    assert sorted(await _effects(db)) == sorted(str(job.id) for job in jobs)


async def test_a_stream_deleted_and_made_again_is_worked_on_again(
    working: Any, send: Any, js: JetStreamContext, streams: Any, until: Any
) -> None:
    done = Done()
    async with working(done.handle):
        await send()
        await until(lambda: len(done.ended) == 1)
        await js.delete_stream(JOBS.name)
        await asyncio.sleep(0.1)
        await streams()
        await send()
        await until(lambda: len(done.ended) == 2)


async def test_metrics_count_jobs_their_age_and_those_under_way(working: Any, send: Any, until: Any) -> None:
    def read(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(name, labels) or 0.0

    def handled() -> float:
        return read("dermfolio_bus_handled_total", subject=SUBJECT, outcome="ok")

    def aged() -> float:
        return read("dermfolio_bus_age_seconds_count", subject=SUBJECT)

    done, job = Done(), _jobs(1)[0]
    done.hold.add(job.id)
    before = handled(), aged()
    async with working(done.handle):
        await send(job)
        await until(lambda: read("dermfolio_bus_in_flight", kind="job") == 1)
        done.release.set()
        await until(lambda: read("dermfolio_bus_in_flight", kind="job") == 0)
        await until(lambda: (handled(), aged()) == (before[0] + 1, before[1] + 1))


async def test_the_streams_are_as_declared(js: JetStreamContext, streams: Any) -> None:
    await streams()  # a second time, which changes nothing
    config = (await js.consumer_info(JOBS.name, IMAGES_INGEST.name)).config
    assert (config.max_deliver, config.ack_wait, config.max_ack_pending) == (-1, 10, 10_000)
    for stream in STREAMS:
        assert tuple((await js.stream_info(stream.name)).config.subjects) == stream.subjects
