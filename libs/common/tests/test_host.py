"""A service run as its process runs it: ready when it can work, honest about what is missing, gone in time."""

import asyncio
import signal
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from nats.js.client import JetStreamContext
from sqlalchemy.ext.asyncio import create_async_engine

from dermfolio.common import host, leases
from dermfolio.common.auth import Call
from dermfolio.common.bus import Consumer
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.host import Parts, hosted
from dermfolio.common.inbox import Delivery
from dermfolio.common.outbox import replay
from dermfolio.common.service import Chore, Service
from dermfolio.common.settings import DatabaseSettings
from dermfolio.common.testing import Ground, at
from dermfolio.contracts.images import (
    GetImage,
    ImageIngested,
    ImagesAccessDenied,
    ImageViewed,
    IngestImage,
    RetryIngest,
)
from dermfolio.contracts.messages import Job, Nothing
from dermfolio.contracts.replay import Origin, ReplayImages
from dermfolio.contracts.roles import Permission, Role
from dermfolio.contracts.streams import EVENTS, IMAGES_INGEST
from dermfolio.local.servers.nats_server import NatsServer
from dermfolio.local.servers.ports import free_ports
from dermfolio.local.servers.postgres import Postgres

SITE, PATIENT = UUID(int=1), UUID(int=2)
Probe = Callable[[str], Any]
Hosting = Callable[..., AbstractAsyncContextManager[Service]]


class Images:
    """A small service with one of everything."""

    def __init__(self) -> None:
        self.parts: Parts | None = None
        self.store_is_there = True
        self.chores = 0
        self.gauged = Counter[int]()
        self.started = 0
        self.ingested: list[UUID] = []
        self.chore_fault: Exception | None = None

    def build(self, _: DatabaseSettings, parts: Parts) -> Service:
        self.parts = parts
        return Service(
            "images",
            answers={
                GetImage: self.get,
                RetryIngest: self.retry,
                ReplayImages: replay(parts.db, ["patients"]),
            },
            consumers=[Consumer(IMAGES_INGEST, {IngestImage: self.ingest}, 2, self.buried)],
            chores=[Chore("tidy", 0.05, self.tidy)],
            gauges=[partial(self.gauge, parts)],
            denied=ImagesAccessDenied,
            checks={"store": self.check},
            on_start=self.start,
        )

    async def get(self, asked: GetImage, call: Call) -> Nothing:
        assert self.parts
        if not call.actor.site_roles:
            raise Refused("not_found")
        await self.parts.reads.record(ImageViewed(image=asked.image, patient=asked.patient), call.origin())
        return Nothing()

    async def retry(self, asked: RetryIngest, call: Call) -> Nothing:
        assert self.parts
        call.need(Permission.IMAGE_WRITE, SITE)
        async with self.parts.db.write() as s:
            s.say(IngestImage(image=asked.image, patient=asked.patient, site=SITE, attempt=uuid4()), call.origin())
        return Nothing()

    async def ingest(self, job: IngestImage, delivery: Delivery) -> None:
        assert self.parts
        async with self.parts.db.write() as s:
            if await delivery.done(s):
                s.say(ImageIngested(image=job.image, version=2, revision=1), Origin(service="images"))
        self.ingested.append(job.image)

    async def buried(self, _: Job) -> None:
        raise AssertionError

    async def tidy(self) -> None:
        self.chores += 1
        if self.chore_fault:
            raise self.chore_fault

    async def gauge(self, parts: Parts) -> None:
        self.gauged[id(parts.db)] += 1
        if self.gauged[id(parts.db)] == 1:
            raise Unavailable("database: no answer")

    async def check(self) -> None:
        if not self.store_is_there:
            raise Unavailable("store: no answer")

    async def start(self) -> None:
        self.started += 1


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is checked every second is checked more often."""
    monkeypatch.setattr(host, "CHECK_SECONDS", 0.1)
    monkeypatch.setattr(host, "GAUGE_SECONDS", 0.1)
    monkeypatch.setattr(leases, "CHECK_SECONDS", 0.1)


@pytest.fixture
def images() -> Images:
    return Images()


@pytest.fixture
async def settings(ground: Ground, prepared: Any) -> DatabaseSettings:
    """Of images, on an empty database at migration 0001."""
    url = await prepared.url(0)
    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:", 1), poolclass=sa.NullPool)
    async with engine.begin() as connection:
        await connection.execute(sa.text("CREATE TABLE IF NOT EXISTS alembic_version (version_num text)"))
        await connection.execute(sa.text("DELETE FROM alembic_version"))
        await connection.execute(sa.text("INSERT INTO alembic_version VALUES ('0001')"))
    made = ground.settings(DatabaseSettings, "images", url)
    return made.model_copy(update={"health_port": free_ports(1)[0]})


@pytest.fixture
def hosting(images: Images, settings: DatabaseSettings, streams: object) -> Hosting:
    """What runs the service, for the length of a block."""
    assert streams

    @asynccontextmanager
    async def run(role: str = "serve", schema: str = "0001", port: int | None = None) -> AsyncIterator[Service]:
        chosen = settings if port is None else settings.model_copy(update={"health_port": port})
        async with hosted("images", chosen, images.build, role, schema) as service:  # type: ignore[arg-type]
            yield service

    return run


@pytest.fixture
def probe(settings: DatabaseSettings) -> Probe:
    """What asks the process for its health from outside."""

    def get(path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{settings.health_port}{path}", timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    async def probe(path: str) -> tuple[int, str]:
        return await asyncio.to_thread(get, path)

    return probe


def _says(probe: Probe, *expected: tuple[int, str]) -> Callable[[], Any]:
    async def look() -> bool:
        return await probe("/readyz") in expected

    return look


async def test_a_process_waits_for_its_schema_and_says_so(
    hosting: Hosting, settings: DatabaseSettings, prepared: Any, images: Images, probe: Probe, until: Any
) -> None:
    url = await prepared.url(0)
    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:", 1), poolclass=sa.NullPool)
    process = hosting(schema="0002")
    opening = asyncio.create_task(process.__aenter__())
    await until(_says(probe, (503, "schema: at 0001, needs 0002")))
    assert (await probe("/livez"))[0] == 200
    assert not opening.done()
    async with engine.begin() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '0003'"))
    await asyncio.wait_for(opening, 30)
    await until(_says(probe, (200, "ready")))
    assert images.started == 1
    await process.__aexit__(None, None, None)


async def test_a_process_waits_for_database_and_bus_in_any_order(
    hosting: Hosting, nats: NatsServer, postgres: Postgres, probe: Probe, until: Any
) -> None:
    await asyncio.to_thread(nats.kill)
    await asyncio.to_thread(postgres.stop)
    process = hosting()
    try:
        opening = asyncio.create_task(process.__aenter__())
        await until(lambda: _begins(probe, "database: "))
    finally:
        await asyncio.to_thread(postgres.start)
    await until(_says(probe, (503, "bus: not connected")))
    assert (await probe("/livez"))[0] == 200
    await asyncio.to_thread(nats.start)
    await asyncio.wait_for(opening, 30)
    await until(_says(probe, (200, "ready")))
    await process.__aexit__(None, None, None)


async def _begins(probe: Probe, text: str) -> bool:
    status, said = await probe("/readyz")
    return bool(status == 503 and said.startswith(text))


async def test_readiness_names_what_is_lost_and_the_process_stays_live(
    hosting: Hosting, images: Images, nats: NatsServer, postgres: Postgres, probe: Probe, until: Any
) -> None:
    async with hosting():
        await until(_says(probe, (200, "ready")))
        images.store_is_there = False
        await until(_says(probe, (503, "store: store: no answer")))
        images.store_is_there = True
        await asyncio.to_thread(nats.kill)
        await until(_says(probe, (503, "bus: not connected")))
        await asyncio.to_thread(nats.start)
        await until(_says(probe, (200, "ready")))
        await asyncio.to_thread(postgres.stop)
        try:
            await until(lambda: _begins(probe, "database: "))
            assert (await probe("/livez"))[0] == 200
        finally:
            await asyncio.to_thread(postgres.start)
        await until(_says(probe, (200, "ready")))
    assert await probe("/livez") == (0, "")


async def test_reads_and_refusals_reach_followers_with_their_origin(
    hosting: Hosting, ground: Ground, js: JetStreamContext, until: Any
) -> None:
    image = uuid4()
    async with hosting(), ground.asking() as requests, ground.asking("patients") as follower:
        call = ground.call(at(SITE, Role.CLINICIAN))
        await requests.ask_raw(GetImage(patient=PATIENT, image=image), call)
        with pytest.raises(Refused, match="not_found"):
            await requests.ask_raw(GetImage(patient=PATIENT, image=image))
        with pytest.raises(Refused, match="forbidden"):
            await requests.ask_raw(RetryIngest(patient=PATIENT, image=image), ground.call(at(SITE, Role.VIEWER)))

        async def three() -> bool:
            return (await follower.ask(ReplayImages(after=0))).head == 3

        await until(three)
        facts = (await follower.ask(ReplayImages(after=0))).facts
    assert [f.subject for f in facts] == [ImageViewed.subject, *[ImagesAccessDenied.subject] * 2]
    assert facts[0].origin.user == call.actor.user
    denials = [ImagesAccessDenied.model_validate(f.data) for f in facts[1:]]
    assert [(d.request, d.code, d.target) for d in denials] == [
        (GetImage.subject, "not_found", image),
        (RetryIngest.subject, "forbidden", image),
    ]
    assert (await js.stream_info(EVENTS.name)).state.messages == 0


async def test_work_said_by_one_process_is_done_by_another_and_announced(
    hosting: Hosting, ground: Ground, images: Images, js: JetStreamContext, until: Any
) -> None:
    image = uuid4()

    async def announced() -> bool:
        return (await js.stream_info(EVENTS.name)).state.messages == 1

    async with hosting(), hosting("work", port=0), ground.asking() as requests:
        await requests.ask_raw(RetryIngest(patient=PATIENT, image=image), ground.call(at(SITE, Role.CLINICIAN)))
        await until(announced)
    assert images.ingested == [image]
    assert images.started == 1  # a worker starts nothing that belongs to the service


async def test_of_two_processes_one_tidies_and_an_outage_is_waited_out(
    hosting: Hosting, images: Images, until: Any
) -> None:
    images.chore_fault = Unavailable("store")
    async with hosting(), hosting(port=0):
        await until(lambda: images.chores >= 3)
        images.chore_fault = ValueError("a fault")
        before = images.chores
        await until(lambda: images.chores > before + 1)


async def test_of_two_processes_each_reads_its_gauges_and_an_outage_is_waited_out(
    hosting: Hosting, images: Images, until: Any
) -> None:
    async with hosting(), hosting(port=0), hosting("work", port=0):
        await until(lambda: sum(count > 2 for count in images.gauged.values()) == 2)
    assert len(images.gauged) == 2


@pytest.mark.parametrize("role", ["serve", "work"])
async def test_a_process_is_gone_in_time(hosting: Hosting, role: str, until: Any, probe: Probe) -> None:
    async with hosting(role):
        await until(_says(probe, (200, "ready")))
        began = time.monotonic()
    assert time.monotonic() - began < 8


@pytest.mark.parametrize("server", ["nats", "postgres"])
async def test_a_process_is_gone_in_time_also_while_a_server_is_down(
    hosting: Hosting, server: str, request: pytest.FixtureRequest, until: Any, probe: Probe
) -> None:
    one = request.getfixturevalue(server)
    async with hosting():
        await until(_says(probe, (200, "ready")))
        await asyncio.to_thread(one.stop)
        began = time.monotonic()
    took = time.monotonic() - began
    await asyncio.to_thread(one.start)
    assert took < 10


async def test_a_part_that_fails_for_good_ends_the_process(
    hosting: Hosting, ended: list[int], monkeypatch: pytest.MonkeyPatch, until: Any
) -> None:
    async def broken(_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("dermfolio.common.host.Leases.run", broken)
    async with hosting():
        await until(lambda: ended)
    assert ended == [signal.SIGTERM]
    ended.clear()
