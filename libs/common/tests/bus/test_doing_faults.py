"""What becomes of a job that cannot be done: waited for, tried again, or buried where people see it."""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from nats.aio.msg import Msg
from nats.js.client import JetStreamContext
from prometheus_client import REGISTRY

from dermfolio.common.db import Database
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.inbox import Delivery
from dermfolio.common.plumbing import inbox
from dermfolio.contracts.images import IngestImage
from dermfolio.contracts.messages import Job
from dermfolio.contracts.streams import DEAD, IMAGES_INGEST, JOBS, DurableConsumer
from dermfolio.local.servers.nats_server import NatsServer
from dermfolio.local.servers.postgres import Postgres

SUBJECT = IngestImage.subject
DEAD_SUBJECT = f"dlq.images-ingest.{SUBJECT}"


class Failing:
    """A handler that fails with these errors, the last one first, and then succeeds; it notes when it ran."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.at: list[float] = []
        self.attempts: list[int] = []
        self.buried: list[Job] = []

    async def handle(self, _: Job, delivery: Delivery) -> None:
        self.at.append(time.monotonic())
        self.attempts.append(delivery.attempt)
        if self.errors:
            raise self.errors.pop()

    async def on_buried(self, job: Job) -> None:
        self.buried.append(job)

    def pauses(self) -> list[float]:
        return [later - earlier for earlier, later in zip(self.at, self.at[1:], strict=False)]


async def _dead(js: JetStreamContext) -> list[Msg]:
    state = (await js.stream_info(DEAD.name)).state
    return [await js.get_msg(DEAD.name, seq) for seq in range(1, state.last_seq + 1)]


@pytest.fixture
def empty(js: JetStreamContext) -> Callable[[], Any]:
    """Whether no job is left in the stream."""

    async def look() -> bool:
        return (await js.stream_info(JOBS.name)).state.messages == 0

    return look


async def _states(db: Database) -> list[tuple[str, int]]:
    async with db.write() as s:
        return [(r.state, r.attempts) for r in await s.execute(sa.select(inbox))]


def _counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"dermfolio_bus_{name}_total", {"subject": SUBJECT, **labels}) or 0.0


async def test_a_fault_is_tried_again_after_its_delays_and_may_succeed(
    working: Any, send: Any, db: Database, empty: Any, until: Any
) -> None:
    before = _counted("retried", reason="fault")
    failing = Failing(ValueError("b"), KeyError("a"))
    async with working(failing.handle, fault_delays=(0.1, 0.4), on_buried=failing.on_buried):
        await send()
        await until(empty)
    assert failing.attempts == [1, 2, 3]
    assert failing.pauses()[0] >= 0.09
    assert failing.pauses()[1] >= 0.36
    assert failing.buried == []
    assert await _states(db) == [("done", 3)]
    assert _counted("retried", reason="fault") == before + 2


@pytest.mark.parametrize("error", [ValueError("secret-of-a-patient"), Refused("not_found"), RuntimeError()])
async def test_a_fault_that_stays_is_buried_with_its_reason_and_shown_to_its_user(
    working: Any, send: Any, db: Database, js: JetStreamContext, empty: Any, until: Any, error: Exception
) -> None:
    before = _counted("buried")
    failing = Failing(*[error] * 9)
    async with working(failing.handle, on_buried=failing.on_buried):
        job = await send()
        await until(empty)
        await until(lambda: _counted("buried") == before + 1)
    assert failing.attempts == [1, 2, 3]
    assert failing.buried == [job]
    [dead] = await _dead(js)
    assert dead.subject == DEAD_SUBJECT
    assert IngestImage.model_validate_json(dead.data) == job
    headers = {k: v for k, v in (dead.headers or {}).items() if k.startswith("Dermfolio-Dead")}
    assert headers == {
        "Dermfolio-Dead-Consumer": "images-ingest",
        "Dermfolio-Dead-Reason": type(error).__name__,
        "Dermfolio-Dead-Attempt": "3",
    }
    assert "secret" not in f"{dead.headers} {dead.data!r}"
    assert await _states(db) == [("buried", 3)]


async def test_a_buried_job_is_not_tried_again(
    working: Any, send: Any, js: JetStreamContext, db: Database, empty: Any, until: Any
) -> None:
    failing = Failing(*[ValueError()] * 9)

    async def buried() -> bool:
        return await _states(db) == [("buried", 1)]

    async with working(failing.handle, fault_delays=()):
        job = await send()
        await until(buried)
        await js.publish(SUBJECT, job.model_dump_json().encode())
        await until(empty)
    assert failing.attempts == [1]
    assert len(await _dead(js)) == 1


async def test_an_outage_is_waited_out_without_limit_and_does_not_count(
    working: Any, send: Any, js: JetStreamContext, db: Database, empty: Any, until: Any
) -> None:
    before = _counted("retried", reason="outage")
    failing = Failing(*[Unavailable("store")] * 25)
    async with working(failing.handle, fault_delays=(), outage_delays=(0.01,), on_buried=failing.on_buried):
        await send()
        await until(empty, 60)
    assert failing.attempts == [1] * 26
    assert failing.buried == []
    assert await _dead(js) == []
    assert await _states(db) == [("done", 1)]
    assert _counted("retried", reason="outage") == before + 25


async def test_outages_between_faults_do_not_bring_the_burial_nearer(
    working: Any, send: Any, db: Database, empty: Any, until: Any
) -> None:
    away, fault = Unavailable("store"), ValueError()
    failing = Failing(*[away] * 5, fault, *[away] * 5, fault, *[away] * 5)
    async with working(failing.handle, fault_delays=(0.01, 0.01), on_buried=failing.on_buried):
        await send()
        await until(empty, 60)
    assert failing.attempts == [1] * 6 + [2] * 6 + [3] * 6
    assert await _states(db) == [("done", 3)]


async def test_the_pauses_of_an_outage_grow_for_each_job_on_its_own(
    working: Any, send: Any, empty: Any, until: Any
) -> None:
    jobs = [IngestImage(image=uuid4(), patient=uuid4(), site=uuid4(), attempt=uuid4()) for _ in range(12)]
    met: set[str] = set()
    times: list[float] = []

    async def once(job: Job, _: Delivery) -> None:
        times.append(time.monotonic())
        if str(job.id) not in met:
            met.add(str(job.id))
            raise Unavailable("store")

    async with working(once, concurrency=2, outage_delays=(0.05, 600.0)):
        await send(*jobs)
        await until(empty)
    assert len(times) == 24


async def test_the_pauses_of_an_outage_grow(working: Any, send: Any, empty: Any, until: Any) -> None:
    failing = Failing(*[Unavailable("store")] * 3)
    async with working(failing.handle, outage_delays=(0.01, 0.2, 0.5)):
        await send()
        await until(empty)
    assert failing.pauses()[1] >= 0.18
    assert failing.pauses()[2] >= 0.45


async def test_the_database_lost_during_a_job_does_not_count_either(
    working: Any, send: Any, db: Database, postgres: Postgres, empty: Any, until: Any
) -> None:
    outages = [1, 2]

    async def lose_it(_: Job, __: Delivery) -> None:
        if outages:
            outages.pop()
            await asyncio.to_thread(postgres.stop)
            asyncio.get_running_loop().call_later(0.3, asyncio.ensure_future, asyncio.to_thread(postgres.start))
            await db.check()

    async with working(lose_it, fault_delays=()):
        await send()
        await until(empty, 60)
    assert await _states(db) == [("done", 1)]


_WHOLE = {name: str(UUID(int=1)) for name in ("id", "image", "patient", "site", "attempt")}

NO_JOBS = {
    "nothing": b"",
    "half": b"{",
    "a list": b"[]",
    "null": b"null",
    "no text": b"\xff\xfe",
    "deep": b"[" * 5000,
    "fields missing": b'{"v": 1}',
    "half a character": b'{"image": "\\ud800"}',
    "unknown version": json.dumps(_WHOLE | {"v": 2}).encode(),
    "wrong type": json.dumps(_WHOLE | {"image": 7}).encode(),
    "large": b"x" * ((1 << 20) - 600),
    "as large as the bus takes": b"x" * ((1 << 20) - 40),
}


@pytest.mark.parametrize("payload", NO_JOBS.values(), ids=NO_JOBS.keys())
async def test_what_is_no_job_is_buried_at_once_and_others_proceed(
    working: Any, send: Any, js: JetStreamContext, empty: Any, until: Any, payload: bytes
) -> None:
    failing = Failing()
    async with working(failing.handle, on_buried=failing.on_buried):
        await js.publish(SUBJECT, payload)
        await send()
        await until(lambda: len(failing.attempts) == 1)
        await until(empty)
    [dead] = await _dead(js)
    assert dead.subject == DEAD_SUBJECT
    kept = dead.data or b""
    assert payload.startswith(kept)
    assert len(kept) > len(payload) - 300
    assert (dead.headers or {})["Dermfolio-Dead-Reason"] == "ValidationError"
    assert failing.buried == []


async def test_a_job_of_an_unknown_kind_is_buried_and_others_proceed(
    working: Any, send: Any, js: JetStreamContext, empty: Any, until: Any
) -> None:
    """As a newer replica sends it during a rolling upgrade, or somebody who forges."""
    config = (await js.consumer_info(JOBS.name, IMAGES_INGEST.name)).config
    await js.add_consumer(JOBS.name, config.evolve(filter_subjects=[SUBJECT, "job.images.unknown"]))
    failing = Failing()
    async with working(failing.handle):
        await js.publish("job.images.unknown", json.dumps(_WHOLE).encode())
        await send()
        await until(lambda: len(failing.attempts) == 1)
        await until(empty)
    [dead] = await _dead(js)
    assert dead.subject == "dlq.images-ingest.job.images.unknown"
    assert (dead.headers or {})["Dermfolio-Dead-Reason"] == "KeyError"


async def test_a_job_whose_handler_kills_the_process_is_buried_after_its_attempts(
    working: Any,
    send: Any,
    nats: NatsServer,
    prepared: Any,
    js: JetStreamContext,
    db: Database,
    empty: Any,
    until: Any,
    short_waits: DurableConsumer,
) -> None:
    job = await send()
    program = Path(__file__).with_name("dying_worker.py")
    database_url = f"postgresql://{db._dsn}"
    for attempt in (1, 2):
        worker = await asyncio.create_subprocess_exec(
            sys.executable, program, nats.url, nats.passwords["images"], database_url
        )
        assert await asyncio.wait_for(worker.wait(), 60) == 17
        assert await _states(db) == [("open", attempt)]
    failing = Failing()
    async with working(failing.handle, durable=short_waits, fault_delays=(0.05,), on_buried=failing.on_buried):
        await until(empty)
        await until(lambda: failing.buried == [job])
    assert failing.attempts == []
    [dead] = await _dead(js)
    assert (dead.headers or {})["Dermfolio-Dead-Reason"] == "process_died"


async def test_a_burial_that_fails_is_made_good_later(
    working: Any,
    send: Any,
    js: JetStreamContext,
    db: Database,
    streams: Any,
    empty: Any,
    until: Any,
    short_waits: DurableConsumer,
) -> None:
    """The dead-letter stream is missing, and then whoever tells the user has a fault, too."""
    failing, told = Failing(*[ValueError()] * 9), []

    async def tell(job: Job) -> None:
        told.append(job)
        if len(told) == 2:
            raise ValueError("a fault of its own")

    await js.delete_stream(DEAD.name)
    async with working(failing.handle, durable=short_waits, fault_delays=(), on_buried=tell):
        job = await send()
        await until(lambda: len(told) >= 1)
        assert not await empty()
        await streams()
        await js.add_consumer(
            JOBS.name, (await js.consumer_info(JOBS.name, short_waits.name)).config.evolve(ack_wait=1.0)
        )
        await until(empty, 60)
    assert len(told) >= 3
    assert failing.attempts == [1]
    [dead] = await _dead(js)
    assert IngestImage.model_validate_json(dead.data) == job
    assert await _states(db) == [("buried", len(told))]


async def test_a_fault_of_one_job_does_not_hold_the_others(working: Any, send: Any, until: Any) -> None:
    jobs = [IngestImage(image=uuid4(), patient=uuid4(), site=uuid4(), attempt=uuid4()) for _ in range(20)]
    done: list[Job] = []

    async def handle(job: Job, _: Delivery) -> None:
        if job.id == jobs[0].id:
            raise ValueError
        done.append(job)

    async with working(handle, fault_delays=(600.0,)):
        await send(*jobs)
        await until(lambda: len(done) == 19)
