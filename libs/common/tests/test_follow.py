"""A follower applies each fact of its producers once and in order, whatever happens to the bus, to them, or to it."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from nats.js.client import JetStreamContext
from prometheus_client import REGISTRY

from dermfolio.common import follow
from dermfolio.common.bus import Requests, publishing
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.follow import Follower, FollowerRunner
from dermfolio.common.outbox import replay
from dermfolio.common.testing import Ground
from dermfolio.contracts.images import ImageIngested, ImageRegistered
from dermfolio.contracts.messages import Event, now
from dermfolio.contracts.replay import REPLAYS, Fact, Origin, ReplayImages
from dermfolio.contracts.streams import DEAD, EVENTS
from dermfolio.local.servers.nats_server import NatsServer

NAME = "patients-images"
pytestmark = pytest.mark.usefixtures("streams")


class Applied:
    """A follower's database, where each fact it applied is a row; some facts cannot be applied."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.poison: dict[int, Exception] = {}
        self.tries = 0

    async def make(self) -> None:
        async with self.db.write() as s:
            await s.execute(
                sa.text("CREATE TABLE IF NOT EXISTS applied (n serial, producer text, seq int, subject text)")
            )
            await s.execute(sa.text("TRUNCATE applied RESTART IDENTITY"))

    async def apply(self, s: WriteSession, producer: str, facts: Sequence[Fact]) -> None:
        for fact in facts:
            row = {"p": producer, "q": fact.seq, "s": fact.subject}
            await s.execute(sa.text("INSERT INTO applied (producer, seq, subject) VALUES (:p, :q, :s)"), row)
            if fact.seq in self.poison:
                self.tries += 1
                raise self.poison[fact.seq]

    async def seqs(self, producer: str = "images") -> list[int]:
        async with self.db.read() as rows:
            found = await rows.fetch("SELECT seq FROM applied WHERE producer = $1 ORDER BY n", producer)
        return [r["seq"] for r in found]

    def reached(self, count: int, producer: str = "images") -> Callable[[], Any]:
        async def look() -> bool:
            return len(await self.seqs(producer)) >= count

        return look


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lost wake-ups and faults are made good soon."""
    monkeypatch.setattr(follow, "POLL_SECONDS", 0.2)
    monkeypatch.setattr(follow, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(follow, "LONGEST_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(publishing, "ACK_SECONDS", 2.0)


@pytest.fixture
async def applied(new_db: Any, db: Database) -> Applied:
    """The follower's side; `db` is the producer's."""
    assert db
    one = Applied(await new_db())
    await one.make()
    return one


Following = Callable[..., AbstractAsyncContextManager[FollowerRunner]]


@pytest.fixture
def following(ground: Ground, connect: Any, applied: Applied) -> Following:
    """What runs a replica of a follower, for the length of a block."""

    @asynccontextmanager
    async def run(
        service: str = "patients", producers: tuple[str, ...] = ("images",), **more: Any
    ) -> AsyncIterator[Any]:
        follower = Follower(more.pop("name", NAME), producers, applied.apply, **more)
        async with connect(service) as connection, Requests(connection, ground.signer(service)) as requests:
            runner = FollowerRunner(applied.db, connection, requests, follower)
            await runner.listen()
            task = asyncio.create_task(runner.run())
            try:
                yield runner
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    return run


@pytest.fixture
def producing(answering: Any, relaying: Any, db: Database) -> Callable[[], Any]:
    """What runs images as far as followers know it: its relay, and its replay."""

    @asynccontextmanager
    async def run() -> AsyncIterator[None]:
        async with relaying(db), answering("images", {ReplayImages: replay(db, ["patients", "audit"])}):
            yield

    return run


def _ingested() -> Event:
    return ImageIngested(image=uuid4(), patient=uuid4(), site=uuid4(), version=1, revision=1)


async def _say(db: Database, number: int, make: Callable[[], Event] = _ingested) -> None:
    async with db.write() as s:
        for _ in range(number):
            s.say(make(), Origin(service="images"))


async def test_two_replicas_apply_each_fact_once_and_in_order(
    db: Database, applied: Applied, following: Following, producing: Any, until: Any
) -> None:
    async with producing(), following(), following():
        for size in itertools.islice(itertools.cycle([1, 7, 40, 3]), 12):
            await _say(db, size)
        await until(applied.reached(153))
    assert await applied.seqs() == list(range(1, 154))


async def test_a_backlog_is_caught_up_with_in_pages(
    db: Database, applied: Applied, following: Following, producing: Any, until: Any
) -> None:
    await _say(db, 2 * follow.LIMIT + 17)
    async with producing(), following() as runner:
        await until(applied.reached(2 * follow.LIMIT + 17))
        assert await runner.catch_up("images") == 2 * follow.LIMIT + 17
    assert await applied.seqs() == list(range(1, 2 * follow.LIMIT + 18))


async def test_a_producer_that_is_down_is_waited_for(
    db: Database, applied: Applied, following: Following, producing: Any, until: Any
) -> None:
    async with following():
        async with producing():
            await _say(db, 5)
            await until(applied.reached(5))
        await _say(db, 5)
        async with producing():
            await until(applied.reached(10))
    assert await applied.seqs() == list(range(1, 11))


async def test_a_follower_that_was_away_continues_where_it_stood(
    db: Database, applied: Applied, following: Following, producing: Any, until: Any
) -> None:
    async with producing():
        for total in (5, 10, 15):
            await _say(db, 5)
            async with following():
                await until(applied.reached(total))
    assert await applied.seqs() == list(range(1, 16))


async def test_a_bus_killed_again_and_again_changes_only_the_delay(
    db: Database, applied: Applied, following: Following, producing: Any, nats: NatsServer, until: Any
) -> None:
    async with producing(), following(), following():
        for _ in range(4):
            await _say(db, 10)
            await asyncio.to_thread(nats.kill)
            await _say(db, 10)
            await asyncio.to_thread(nats.start)
        await until(applied.reached(80), 60)
    assert await applied.seqs() == list(range(1, 81))


@pytest.mark.parametrize("loss", ["deleted", "emptied"])
async def test_facts_that_the_bus_lost_are_applied_all_the_same(
    db: Database,
    applied: Applied,
    following: Following,
    producing: Any,
    js: JetStreamContext,
    streams: Any,
    until: Any,
    loss: str,
) -> None:
    async with producing():
        await _say(db, 10)
        await until(lambda: _kept(js, 10))
        await (js.delete_stream(EVENTS.name) if loss == "deleted" else js.purge_stream(EVENTS.name))
        async with following():
            await until(applied.reached(10))
            await _say(db, 5)  # the stream may be missing still
            await until(applied.reached(15))
            await streams()
            await _say(db, 5)
            await until(applied.reached(20))
    assert await applied.seqs() == list(range(1, 21))


async def _kept(js: JetStreamContext, number: int, stream: str = EVENTS.name) -> bool:
    return (await js.stream_info(stream)).state.messages >= number


async def test_a_wake_up_brings_a_fact_long_before_the_clock(
    db: Database, applied: Applied, following: Following, producing: Any, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "POLL_SECONDS", 3600.0)
    async with producing(), following():
        for number in range(1, 6):
            await _say(db, 1)
            await until(applied.reached(number))


async def test_only_the_facts_wanted_are_applied_and_the_others_are_passed_over(
    db: Database, applied: Applied, following: Following, producing: Any, until: Any
) -> None:
    def registered() -> Event:
        return ImageRegistered(image=uuid4(), version=1, uploaded_at=now())

    async with producing(), following(subjects=(ImageIngested.subject,)) as runner:
        await _say(db, 30, registered)
        await _say(db, 2)
        await _say(db, 30, registered)
        await _say(db, 2)
        await until(applied.reached(4))
        await _say(db, 30, registered)

        async def passed() -> bool:
            return bool(await runner._cursor("images") == 94)

        await until(passed)
    assert await applied.seqs() == [31, 32, 63, 64]


async def test_a_fact_that_cannot_be_applied_is_buried_and_the_others_proceed(
    db: Database,
    applied: Applied,
    following: Following,
    producing: Any,
    relaying: Any,
    js: JetStreamContext,
    until: Any,
) -> None:
    labels = {"subject": ImageIngested.subject}
    before = REGISTRY.get_sample_value("dermfolio_bus_buried_total", labels) or 0.0
    applied.poison = {7: ValueError("secret-of-a-patient"), 8: KeyError("x"), 21: RuntimeError()}
    await _say(db, 30)
    async with producing(), following(), relaying(applied.db, "patients"):
        await until(applied.reached(27))
        await until(lambda: _kept(js, 3, DEAD.name))
    assert await applied.seqs() == [n for n in range(1, 31) if n not in applied.poison]
    assert applied.tries >= 3 * follow.FAULTS_BEFORE_BURIAL
    async with db.write() as s:
        said = [
            r.payload
            for r in await s.execute(sa.text("SELECT payload FROM outbox WHERE seq IN (7, 8, 21) ORDER BY seq"))
        ]
    dead = [await js.get_msg(DEAD.name, n) for n in (1, 2, 3)]
    assert [d.subject for d in dead] == [f"dlq.{NAME}.{ImageIngested.subject}"] * 3
    assert [ImageIngested.model_validate_json(d.data) for d in dead] == [ImageIngested.model_validate(p) for p in said]
    assert not [d for d in dead if "secret" in f"{d.data!r} {d.headers}"]
    assert (REGISTRY.get_sample_value("dermfolio_bus_buried_total", labels) or 0.0) == before + 3


async def test_two_replicas_bury_a_fact_once(
    db: Database, applied: Applied, following: Following, producing: Any, until: Any
) -> None:
    applied.poison = {3: ValueError(), 5: ValueError()}
    await _say(db, 9)
    async with producing(), following(), following():
        await until(applied.reached(7))
    assert await applied.seqs() == [1, 2, 4, 6, 7, 8, 9]
    async with applied.db.read() as rows:
        assert await rows.fetchval("SELECT count(*) FROM outbox WHERE kind = 'dlq'") == 2


async def test_a_follower_that_must_miss_nothing_stops_at_what_it_cannot_apply_until_it_can(
    db: Database, applied: Applied, following: Following, producing: Any, until: Any
) -> None:
    applied.poison = {4: ValueError()}
    await _say(db, 6)
    async with producing(), following(buries=False):
        await until(lambda: applied.tries > 2 * follow.FAULTS_BEFORE_BURIAL)
        assert await applied.seqs() == []
        applied.poison = {}
        await until(applied.reached(6))
    assert await applied.seqs() == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("error", [Unavailable("store"), Refused("not_found")])
async def test_what_is_down_is_waited_for_and_nothing_is_buried(
    db: Database, applied: Applied, following: Following, producing: Any, until: Any, error: Exception
) -> None:
    applied.poison = {2: error}
    await _say(db, 3)
    async with producing(), following():
        await until(lambda: applied.tries > 2 * follow.FAULTS_BEFORE_BURIAL)
        assert await applied.seqs() == []
        applied.poison = {}
        await until(applied.reached(3))
    assert await applied.seqs() == [1, 2, 3]


async def test_a_producer_that_is_down_does_not_hold_the_facts_of_another(
    applied: Applied, following: Following, producing: Any, db: Database, new_db: Any, answering: Any, until: Any
) -> None:
    other = await new_db()
    await _say(db, 4)
    producers = ("identity", "patients", "images")
    async with producing(), following("audit", producers, name="audit"):
        await until(applied.reached(4))
        async with answering("identity", {REPLAYS["identity"]: replay(other, ["audit"])}):
            await _say(db, 4)
            await until(applied.reached(8))
    assert await applied.seqs() == list(range(1, 9))
    assert await applied.seqs("identity") == []


async def test_metrics_tell_how_far_a_follower_is(
    db: Database, applied: Applied, following: Following, producing: Any, until: Any
) -> None:
    labels = {"follower": NAME, "producer": "images"}
    await _say(db, 11)
    async with producing(), following():
        await until(lambda: REGISTRY.get_sample_value("dermfolio_follower_seq", labels) == 11)
        assert REGISTRY.get_sample_value("dermfolio_follower_lag", labels) == 0
