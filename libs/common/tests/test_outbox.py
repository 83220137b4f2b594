"""What is said with a change leaves after the commit: all of it, in order, once, whatever dies in between."""

import asyncio
import contextlib
import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from nats.aio.msg import Msg
from nats.js.client import JetStreamContext
from prometheus_client import REGISTRY

from dermfolio.common.bus import Publisher
from dermfolio.common.db import Database
from dermfolio.common.errors import Unavailable
from dermfolio.common.outbox import BATCH, Relay
from dermfolio.common.plumbing import outbox, outbox_head
from dermfolio.contracts.images import ImageIngested, ImagesAccessDenied, ImageViewed, PoolViewed
from dermfolio.contracts.live import ImagesFactsNumbered
from dermfolio.contracts.messages import Event, now
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.streams import EVENTS
from dermfolio.local.servers.nats_server import NatsServer

pytestmark = pytest.mark.usefixtures("streams")


def _event() -> ImageIngested:
    return ImageIngested(image=uuid4(), patient=uuid4(), site=uuid4(), version=1, revision=1)


async def _say(db: Database, *events: Event) -> list[UUID]:
    said = events or (_event(),)
    async with db.write() as s:
        for event in said:
            s.say(event, Origin(service="images"))
    return [event.id for event in said]


async def _seqs(db: Database) -> list[int | None]:
    async with db.write() as s:
        return list((await s.execute(sa.select(outbox.c.seq).order_by(outbox.c.seq))).scalars())


async def _waiting(db: Database) -> int:
    async with db.read() as rows:
        return int(await rows.fetchval("SELECT count(*) FROM outbox WHERE published_at IS NULL"))


async def _stream(js: JetStreamContext) -> list[Msg]:
    last = (await js.stream_info(EVENTS.name)).state.last_seq
    return [await js.get_msg(EVENTS.name, seq) for seq in range(1, last + 1)]


async def _published(js: JetStreamContext) -> list[UUID]:
    return [UUID((m.headers or {})["Nats-Msg-Id"]) for m in await _stream(js)]


async def test_what_is_said_arrives_in_the_stream_as_it_was_said(
    db: Database, connect: Any, js: JetStreamContext
) -> None:
    event = _event()
    await _say(db, event)
    async with connect("images") as connection:
        assert await Relay(db, Publisher(connection)).publish_waiting() == 1
    [msg] = await _stream(js)
    assert (msg.subject, (msg.headers or {})["Nats-Msg-Id"]) == (event.subject, str(event.id))
    assert ImageIngested.model_validate_json(msg.data) == event
    async with db.write() as s:
        row = (await s.execute(sa.select(outbox))).one()
    assert (row.seq, row.stream_seq) == (1, 1)
    assert row.published_at is not None


async def test_what_is_said_in_a_block_that_fails_never_leaves(
    db: Database, connect: Any, js: JetStreamContext
) -> None:
    async with connect("images") as connection:
        relay = Relay(db, Publisher(connection))
        with contextlib.suppress(ValueError):
            async with db.write() as s:
                s.say(_event(), Origin())
                await s.flush()
                await relay.publish_waiting()
                raise ValueError
        assert await relay.publish_waiting() == 0
    assert await _stream(js) == []


async def test_nobody_knows_who_caused_a_fact_from_the_bus(db: Database, connect: Any, js: JetStreamContext) -> None:
    async with db.write() as s:
        s.say(_event(), Origin(user=UUID(int=7), address="192.0.2.77", user_agent="curl/8.77"))
    async with connect("images") as connection:
        await Relay(db, Publisher(connection)).publish_waiting()
    [msg] = await _stream(js)
    assert not [part for part in ("192.0.2.77", "curl/8.77", str(UUID(int=7))) if part in f"{msg.data!r} {msg.headers}"]


async def test_facts_are_numbered_without_gaps_under_a_storm_of_writers_and_two_relays(
    db: Database, relaying: Any, js: JetStreamContext, until: Any
) -> None:
    chance, said = random.Random(7), []

    async def write() -> None:
        for _ in range(12):
            events = [_event() for _ in range(chance.randint(1, 4))]
            with contextlib.suppress(ValueError):
                async with db.write() as s:
                    for event in events:
                        s.say(event, Origin())
                    await s.execute(sa.text("SELECT pg_sleep(:t)"), {"t": chance.random() / 100})
                    if chance.random() < 0.2:
                        raise ValueError
                said.extend(event.id for event in events)

    async def all_out() -> bool:
        return await _waiting(db) == 0

    async with relaying(db), relaying(db):
        await asyncio.gather(*(write() for _ in range(15)))
        await until(all_out)
    assert await _seqs(db) == list(range(1, len(said) + 1))
    async with db.read() as rows:
        assert await rows.fetchval("SELECT seq FROM outbox_head") == len(said)
    assert sorted(await _published(js)) == sorted(said)


async def test_one_relay_publishes_in_the_order_of_the_numbers(
    db: Database, connect: Any, js: JetStreamContext
) -> None:
    await _say(db, *(_event() for _ in range(2 * BATCH + 50)))
    async with connect("images") as connection:
        relay = Relay(db, Publisher(connection))
        assert [await relay.publish_waiting() for _ in range(4)] == [BATCH, BATCH, 50, 0]
    async with db.write() as s:
        ids = (await s.execute(sa.select(outbox.c.id).order_by(outbox.c.seq))).scalars()
    assert await _published(js) == list(ids)


async def test_a_fact_committed_while_others_are_numbered_gets_its_number_next(
    db: Database, connect: Any, js: JetStreamContext
) -> None:
    class Slow(Relay):
        """Somebody commits between the numbering and the look for what waits."""

        async def _stamp(self) -> int:
            numbered = await super()._stamp()
            await _say(db)
            return numbered

    await _say(db)
    async with connect("images") as connection:
        assert await Slow(db, Publisher(connection)).publish_waiting() == 1
        assert len(await _published(js)) == 1
        assert await Relay(db, Publisher(connection)).publish_waiting() == 1
    assert await _seqs(db) == [1, 2]
    assert len(await _published(js)) == 2


async def test_a_relay_killed_between_publishing_and_marking_publishes_once(
    db: Database, connect: Any, js: JetStreamContext
) -> None:
    class Dying(Relay):
        """It is killed before it marks what it has published."""

        async def _mark(self, *_: Sequence[int]) -> None:
            raise KeyboardInterrupt

    said = await _say(db, *(_event() for _ in range(5)))
    async with connect("images") as connection:
        for _ in range(3):
            with pytest.raises(KeyboardInterrupt):
                await Dying(db, Publisher(connection)).publish_waiting()
        assert await Relay(db, Publisher(connection)).publish_waiting() == 5
    assert await _published(js) == said
    async with db.write() as s:
        places = (await s.execute(sa.select(outbox.c.stream_seq).order_by(outbox.c.seq))).scalars()
    assert list(places) == [1, 2, 3, 4, 5]


async def test_many_reads_do_not_hold_up_what_is_broadcast(
    db: Database, relaying: Any, js: JetStreamContext, until: Any
) -> None:
    async with db.write() as s:
        for _ in range(3 * BATCH):
            s.say(ImageViewed(image=uuid4()), Origin())
    [last] = await _say(db)

    async def done() -> bool:
        return await _waiting(db) == 0

    async with relaying(db):
        await until(done)
    assert await _published(js) == [last]
    assert await _seqs(db) == list(range(1, 3 * BATCH + 2))


async def test_a_relay_killed_between_numbering_and_publishing_leaves_no_gap(db: Database, connect: Any) -> None:
    await _say(db)
    async with connect("images") as connection:
        await Relay(db, Publisher(connection))._stamp()
        await _say(db)
        assert await Relay(db, Publisher(connection)).publish_waiting() == 2
    assert await _seqs(db) == [1, 2]


async def test_nothing_leaves_while_the_bus_is_down_and_everything_when_it_is_back(
    db: Database, relaying: Any, nats: NatsServer, js: JetStreamContext, until: Any
) -> None:
    async def left(number: int) -> bool:
        return await _waiting(db) == number

    async with relaying(db):
        said = await _say(db)
        await until(lambda: left(0))
        await asyncio.to_thread(nats.kill)
        for _ in range(30):
            said += await _say(db)
        assert await _waiting(db) == 30
        await asyncio.to_thread(nats.start)
        await until(lambda: left(0))
    assert await _published(js) == said


async def test_what_no_stream_keeps_yet_waits_for_the_stream(
    db: Database, relaying: Any, js: JetStreamContext, streams: Any, until: Any
) -> None:
    async def out() -> bool:
        return await _waiting(db) == 0

    await js.delete_stream(EVENTS.name)
    async with relaying(db) as relay:
        said = await _say(db)
        with pytest.raises(Unavailable):
            await relay.publish_waiting()
        assert await _waiting(db) == 1
        await streams()
        await until(out)
    assert await _published(js) == said


async def test_reads_and_denials_are_numbered_for_followers_and_never_broadcast(
    db: Database, connect: Any, nats: NatsServer
) -> None:
    viewed = PoolViewed(patient=uuid4(), images=[uuid4()])
    denied = ImagesAccessDenied(request="rpc.images.get", code="not_found", target=uuid4())
    await _say(db, viewed, _event(), denied)
    hints = asyncio.Queue[Msg]()
    async with connect("images") as connection, connect("audit") as audit:
        await audit.subscribe(ImagesFactsNumbered.subject, hints.put_nowait)
        await audit.client.flush()
        relay = Relay(db, Publisher(connection), ImagesFactsNumbered())
        assert await relay.publish_waiting() == 3
        assert await relay.publish_waiting() == 0
    async with asyncio.timeout(10):
        await hints.get()
    async with db.read() as rows:
        kept = await rows.fetch("SELECT seq, stream_seq, published_at FROM outbox ORDER BY position")
    assert [row["seq"] for row in kept] == [1, 2, 3]
    assert all(row["published_at"] for row in kept)
    assert [row["stream_seq"] is None for row in kept] == [True, False, True]


async def test_what_was_published_more_than_thirty_days_ago_is_forgotten(
    db: Database, relaying: Any, until: Any
) -> None:
    async with db.write() as s:
        for days in (31, 29):
            at = now() - timedelta(days=days)
            row = {"id": uuid4(), "kind": "evt", "subject": f"evt.images.{days}", "payload": {}, "origin": {}}
            row["broadcast"] = True
            await s.execute(sa.insert(outbox).values(**row, at=at, published_at=at))

    async def left() -> list[str]:
        async with db.read() as rows:
            return [r["subject"] for r in await rows.fetch("SELECT subject FROM outbox")]

    async def one_left() -> bool:
        return len(await left()) == 1

    async with relaying(db):
        await until(one_left)
    assert await left() == ["evt.images.29"]


async def test_metrics_tell_how_much_was_published_and_how_long_it_waits(
    db: Database, connect: Any, nats: NatsServer
) -> None:
    def published() -> float:
        name = "dermfolio_outbox_published_total"
        return REGISTRY.get_sample_value(name, {"subject": ImageIngested.subject}) or 0.0

    before = published()
    await _say(db, _event().model_copy(update={"at": now() - timedelta(minutes=5)}), _event())
    async with connect("images") as connection:
        relay = Relay(db, Publisher(connection))
        await relay.publish_waiting()
        assert published() == before + 2
        assert (REGISTRY.get_sample_value("dermfolio_outbox_oldest_seconds") or 0) >= 300
        await relay.publish_waiting()
        assert REGISTRY.get_sample_value("dermfolio_outbox_oldest_seconds") == 0


async def test_there_is_one_head(db: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        async with db.write() as s:
            await s.execute(sa.insert(outbox_head).values(singleton=False))
