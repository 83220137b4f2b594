"""What these tests stand on: a database with the plumbing's tables, the bus with its streams, and patience."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from itertools import count
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import nats as nats_client
import pytest
import sqlalchemy as sa
import structlog
from hypothesis import settings
from nats.aio.client import Client
from nats.js.client import JetStreamContext
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from dermfolio.common import setup
from dermfolio.common.auth import ActorVerifier
from dermfolio.common.bus import Answers, Connection, Consumer, Handler, JobRunner, Publisher
from dermfolio.common.bus.jobs import JobHandler
from dermfolio.common.db import Database
from dermfolio.common.inbox import Inbox
from dermfolio.common.outbox import Relay
from dermfolio.common.plumbing import PRODUCER
from dermfolio.common.testing import Ground
from dermfolio.contracts.images import IngestImage
from dermfolio.contracts.live import FACTS_NUMBERED
from dermfolio.contracts.messages import Job, Request
from dermfolio.contracts.permissions import SETUP_USER
from dermfolio.contracts.streams import IMAGES_INGEST, DurableConsumer
from dermfolio.local.secrets import password
from dermfolio.local.servers.databases import ensure_database
from dermfolio.local.servers.nats_server import NatsServer
from dermfolio.local.servers.postgres import Postgres

settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")

# structlog's default draws every local variable of every frame: seconds of work for each expected fault
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)

Until = Callable[..., Awaitable[None]]
NewDb = Callable[[], Awaitable[Database]]
Connect = Callable[[str], AbstractAsyncContextManager[Connection]]
Handlers = Mapping[type[Request[Any]], Handler]
Working = Callable[..., AbstractAsyncContextManager[asyncio.Task[None]]]
Send = Callable[..., Awaitable[Job]]
Relaying = Callable[..., AbstractAsyncContextManager[Relay]]
Answering = Callable[..., AbstractAsyncContextManager[Connection]]


@pytest.fixture(autouse=True)
def ended() -> Iterator[list[int]]:
    """The times that something ended this process, as a part does that fails for good; a test must expect them."""
    told: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    yield told
    signal.signal(signal.SIGTERM, before)
    assert not told, "something wanted to end the process"


@pytest.fixture
def until() -> Until:
    """What waits for a condition, plain or awaitable, and fails after half a minute."""

    async def wait(condition: Callable[[], object], seconds: float = 30.0) -> None:
        deadline = time.monotonic() + seconds
        while True:
            met = condition()
            if isinstance(met, Awaitable):
                met = await met
            if met:
                return
            assert time.monotonic() < deadline, "the condition was not met in time"
            await asyncio.sleep(0.01)

    return wait


class Prepared:
    """Databases with the plumbing's tables, made once for this worker and emptied for each test."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._urls: list[str] = []

    async def url(self, number: int) -> str:
        """The URL with password of the empty database of this number."""
        if number == len(self._urls):
            self._urls.append(await self._make(f"plumbing_{number}"))
        async with _engine(self._urls[number]).begin() as connection:
            await connection.execute(sa.text("TRUNCATE outbox, inbox, cursors, idempotency RESTART IDENTITY"))
            await connection.execute(sa.text("UPDATE outbox_head SET seq = 0"))
        return self._urls[number]

    async def _make(self, name: str) -> str:
        secret = password()
        await asyncio.to_thread(ensure_database, self._postgres, name, secret)
        url = f"{self._postgres.url_of(name)}".replace("@", f":{secret}@", 1)
        async with _engine(url).begin() as connection:
            await connection.run_sync(PRODUCER.create)
        return url


def _engine(url: str) -> AsyncEngine:
    return create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:", 1), poolclass=sa.NullPool)


@pytest.fixture(scope="session")
def prepared(postgres: Postgres) -> Prepared:
    """This worker's databases."""
    return Prepared(postgres)


@pytest.fixture
async def new_db(prepared: Prepared) -> AsyncIterator[NewDb]:
    """What opens an empty database with outbox, inbox and cursors; another one each time it is called."""
    async with AsyncExitStack() as opened:
        numbers = count()

        async def make() -> Database:
            url = await prepared.url(next(numbers))
            return await opened.enter_async_context(Database(url, urlsplit(url).password or ""))

        yield make


@pytest.fixture
async def db(new_db: NewDb) -> Database:
    """One such database."""
    return await new_db()


@pytest.fixture
def ground(nats: NatsServer) -> Ground:
    """Keys of all services, and this test's own nats-server."""
    return Ground(nats)


@pytest.fixture
async def streams(nats: NatsServer) -> Callable[[], Awaitable[None]]:
    """The streams and consumers are there; call it to have missing ones made again."""

    async def apply() -> None:
        await setup.apply(nats.url, nats.passwords[SETUP_USER])

    await apply()
    return apply


@pytest.fixture
async def admin(nats: NatsServer) -> AsyncIterator[Client]:
    """A bare client that may do anything: what looks at the bus, and breaks it."""

    async def told(_: Exception) -> None:
        """Servers are killed here."""

    client = await nats_client.connect(
        nats.url,
        user=SETUP_USER,
        password=nats.passwords[SETUP_USER],
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.05,
        error_cb=told,
    )
    yield client
    await client.close()


@pytest.fixture
def js(admin: Client) -> JetStreamContext:
    """JetStream, as that client."""
    return admin.jetstream(timeout=10)


@pytest.fixture
def connect(nats: NatsServer) -> Connect:
    """What opens the connection of a service."""

    @asynccontextmanager
    async def connected(service: str) -> AsyncIterator[Connection]:
        async with Connection(nats.url, service, nats.passwords[service]) as connection:
            yield connection

    return connected


@pytest.fixture
def answering(ground: Ground, connect: Connect) -> Answering:
    """What answers as a service, for the length of a block."""

    @asynccontextmanager
    async def answers(service: str, handlers: Handlers, **options: Any) -> AsyncIterator[Connection]:
        verifier = ActorVerifier(ground.trusted_keys)
        async with connect(service) as connection, Answers(connection, verifier, handlers, **options):
            yield connection

    return answers


@pytest.fixture
async def short_waits(js: JetStreamContext, streams: object) -> DurableConsumer:
    """The consumer of images' jobs, whose unacknowledged messages are delivered again after a second."""
    assert streams
    short = replace(IMAGES_INGEST, ack_wait_seconds=1)
    config = (await js.consumer_info(short.stream, short.name)).config
    await js.add_consumer(short.stream, config.evolve(ack_wait=1.0))
    return short


@pytest.fixture
def working(connect: Connect, db: Database) -> Working:
    """What does images' jobs with a handler, for the length of a block; faults are met again soon."""

    async def forget(_: Job) -> None:
        """Nobody waits for the job."""

    @asynccontextmanager
    async def works(
        handler: JobHandler, *, concurrency: int = 1, durable: DurableConsumer = IMAGES_INGEST, **options: Any
    ) -> AsyncIterator[asyncio.Task[None]]:
        soon = {"on_buried": forget, "fault_delays": (0.05, 0.05), "outage_delays": (0.02,)}
        consumer = Consumer(durable, {IngestImage: handler}, concurrency, **(soon | options))
        async with connect("images") as connection:
            task = asyncio.create_task(JobRunner(connection, consumer, Inbox(db, durable.name)).run())
            try:
                yield task
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    return works


@pytest.fixture
def send(js: JetStreamContext, streams: object) -> Send:
    """What puts jobs into their stream, as the relay does; without any, a new one. It returns the last."""
    assert streams

    async def put(*jobs: Job) -> Job:
        jobs = jobs or (IngestImage(image=uuid4(), patient=uuid4(), site=uuid4(), attempt=uuid4()),)
        for job in jobs:
            headers = {"Nats-Msg-Id": str(job.id)}
            await js.publish(job.subject, job.model_dump_json().encode(), headers=headers)
        return jobs[-1]

    return put


@pytest.fixture
def relaying(connect: Connect) -> Relaying:
    """What runs the relay of a database as images, for the length of a block; it is woken by commits."""

    @asynccontextmanager
    async def relays(db: Database, service: str = "images") -> AsyncIterator[Relay]:
        async with connect(service) as connection:
            relay = Relay(db, Publisher(connection), FACTS_NUMBERED[service]())
            db.on_said = relay.wake
            task = asyncio.create_task(relay.run())
            try:
                yield relay
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    return relays
