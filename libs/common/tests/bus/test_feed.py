"""The live feed: every event in order from any place, on any replica, through whatever happens to the bus."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nats.js.client import JetStreamContext

from dermfolio.common.bus import Connection, Feed, FeedItem, Position, feed
from dermfolio.common.errors import Unavailable
from dermfolio.contracts.images import ImageIngested, ImageRejected
from dermfolio.contracts.messages import Event
from dermfolio.contracts.streams import EVENTS
from dermfolio.local.servers.nats_server import NatsServer

pytestmark = pytest.mark.usefixtures("streams")


class Listener:
    """Follows the feed from a place, and keeps what it is told."""

    def __init__(self, one: Feed, start: Position) -> None:
        self.items: list[FeedItem] = []
        self.positions: list[Position] = []
        self._task = asyncio.create_task(self._listen(one, start))

    async def _listen(self, one: Feed, start: Position) -> None:
        async for told in one.follow(start):
            if isinstance(told, Position):
                self.positions.append(told)
            else:
                self.items += told

    def payloads(self) -> list[bytes]:
        return [item.payload for item in self.items]

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@asynccontextmanager
async def _feed(connect: Any) -> AsyncIterator[Feed]:
    connection: Connection
    async with connect("gateway") as connection, Feed(connection) as one:
        yield one


@asynccontextmanager
async def _listening(connect: Any, start: Position | None = None) -> AsyncIterator[Listener]:
    async with _feed(connect) as one:
        listener = Listener(one, start or await one.end())
        try:
            yield listener
        finally:
            await listener.stop()


def _event() -> Event:
    return ImageIngested(image=uuid4(), patient=uuid4(), site=uuid4(), version=1, revision=1)


async def _publish(js: JetStreamContext, number: int) -> list[bytes]:
    payloads = []
    for _ in range(number):
        event = _event()
        payloads.append(event.model_dump_json().encode())
        await js.publish(event.subject, payloads[-1])
    return payloads


async def test_events_come_as_they_were_said_in_order_each_once(connect: Any, js: JetStreamContext, until: Any) -> None:
    async with _listening(connect) as listener:
        said = await _publish(js, 50)
        await until(lambda: len(listener.items) >= 50)
        said += await _publish(js, 3)
        await until(lambda: len(listener.items) >= 53)
    assert listener.payloads() == said
    assert {item.subject for item in listener.items} == {ImageIngested.subject}
    assert [item.position.seq for item in listener.items] == list(range(1, 54))
    assert listener.positions == []


async def test_the_feed_begins_after_the_place_it_is_given(connect: Any, js: JetStreamContext, until: Any) -> None:
    said = await _publish(js, 20)
    async with _feed(connect) as one:
        end = await one.end()
    assert end.seq == 20
    async with (
        _listening(connect, Position(end.epoch, 12)) as late,
        _listening(connect, Position(end.epoch, 0)) as all_,
    ):
        await until(lambda: len(late.items) >= 8 and len(all_.items) >= 20)
    assert (late.payloads(), all_.payloads()) == (said[12:], said)
    assert late.positions == all_.positions == []


async def test_a_long_backlog_comes_in_batches(
    connect: Any, js: JetStreamContext, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "BATCH", 7)
    said = await _publish(js, 40)
    async with _feed(connect) as one:
        epoch = (await one.end()).epoch
    async with _listening(connect, Position(epoch, 0)) as listener:
        await until(lambda: len(listener.items) >= 40)
    assert listener.payloads() == said


async def test_a_place_is_valid_on_every_replica(connect: Any, js: JetStreamContext, until: Any) -> None:
    said = await _publish(js, 5)
    async with _listening(connect, Position((await _end(connect)).epoch, 0)) as first:
        await until(lambda: len(first.items) >= 3)
    place = first.items[2].position
    async with _listening(connect, Position.parse(str(place))) as second:
        await until(lambda: len(second.items) >= 2)
    assert second.payloads() == said[3:]


async def _end(connect: Any) -> Position:
    async with _feed(connect) as one:
        return await one.end()


async def test_an_event_is_announced_and_not_waited_for(
    connect: Any, js: JetStreamContext, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "POLL_SECONDS", 3600.0)
    async with _listening(connect) as listener:
        await asyncio.sleep(0.1)
        for number in range(1, 6):
            await _publish(js, 1)
            await until(lambda: len(listener.items) >= number)  # noqa: B023 - awaited in the same round


async def test_an_event_that_is_heard_before_it_is_stored_is_looked_for_again(
    connect: Any, js: JetStreamContext, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "POLL_SECONDS", 3600.0)
    looked: list[int] = []
    really = Feed._after

    async def late(self: Feed, place: Position) -> list[FeedItem]:
        items = await really(self, place)
        looked.append(len(items))
        return items if len(looked) > 3 else []

    monkeypatch.setattr(Feed, "_after", late)
    async with _listening(connect) as listener:
        await until(lambda: looked)
        await _publish(js, 1)
        await until(lambda: listener.items)
    assert len(listener.items) == 1
    assert len(looked) >= 4


async def test_gaps_that_the_stream_has_are_passed_over(connect: Any, js: JetStreamContext, until: Any) -> None:
    said = await _publish(js, 10)
    for seq in (3, 4, 10):
        await js.delete_msg(EVENTS.name, seq)
    async with _listening(connect, Position((await _end(connect)).epoch, 0)) as listener:
        await until(lambda: len(listener.items) >= 7)
        said += await _publish(js, 1)
        await until(lambda: len(listener.items) >= 8)
    assert listener.payloads() == [p for n, p in enumerate(said, start=1) if n not in {3, 4, 10}]


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_a_restarted_server_continues_where_it_was(
    connect: Any, js: JetStreamContext, nats: NatsServer, until: Any, end: str
) -> None:
    async with _listening(connect) as listener:
        said = await _publish(js, 5)
        await until(lambda: len(listener.items) >= 5)
        await asyncio.to_thread(getattr(nats, end))
        await asyncio.to_thread(nats.start)
        await until(lambda: js._nc.is_connected)
        said += await _publish(js, 5)
        await until(lambda: len(listener.items) >= 10)
    assert listener.payloads() == said
    assert listener.positions == []


async def test_a_stream_made_anew_is_a_new_epoch_and_said_to_be(
    connect: Any, js: JetStreamContext, streams: Any, until: Any
) -> None:
    await _publish(js, 5)
    async with _listening(connect) as listener:
        old = await _end(connect)
        await js.delete_stream(EVENTS.name)
        await streams()
        said = await _publish(js, 3)
        await until(lambda: listener.positions and len(listener.items) >= 3)
        new = await _end(connect)
    assert new.epoch != old.epoch
    assert listener.positions == [Position(new.epoch, 0)]
    assert listener.payloads()[-3:] == said
    assert listener.items[-1].position == Position(new.epoch, 3)


async def test_a_place_of_another_epoch_or_from_the_future_is_answered_with_a_new_place(
    connect: Any, js: JetStreamContext, until: Any
) -> None:
    said = await _publish(js, 4)
    end = await _end(connect)
    async with (
        _listening(connect, Position("20200101", 2)) as other,
        _listening(connect, Position(end.epoch, 99)) as far,
    ):
        await until(lambda: len(other.items) >= 4 and far.positions)
        said += await _publish(js, 1)
        await until(lambda: len(far.items) >= 1)
    assert (other.positions, far.positions) == ([Position(end.epoch, 0)], [end])
    assert other.payloads()[:4] == said[:4]
    assert far.payloads() == said[4:]


async def test_without_the_stream_its_end_is_unavailable(connect: Any, js: JetStreamContext) -> None:
    await js.delete_stream(EVENTS.name)
    async with _feed(connect) as one:
        with pytest.raises(Unavailable):
            await one.end()


async def test_without_the_bus_its_end_is_unavailable(connect: Any, nats: NatsServer, until: Any) -> None:
    async with _feed(connect) as one:
        await asyncio.to_thread(nats.kill)
        await until(lambda: not one._connection.connected)
        with pytest.raises(Unavailable):
            await one.end()


async def test_several_follow_the_same_feed_at_once(connect: Any, js: JetStreamContext, until: Any) -> None:
    said = await _publish(js, 300)
    async with _feed(connect) as one:
        epoch = (await one.end()).epoch
        listeners = [Listener(one, Position(epoch, start)) for start in (0, 100, 250)]
        said += await _publish(js, 5)
        await until(lambda: [len(each.items) for each in listeners] == [305, 205, 55])
        for each, start in zip(listeners, (0, 100, 250), strict=True):
            await each.stop()
            assert each.payloads() == said[start:]


async def test_a_large_batch_of_large_events_arrives(connect: Any, js: JetStreamContext, until: Any) -> None:
    payloads = [bytes([n % 256]) * 200_000 for n in range(40)]
    for payload in payloads:
        await js.publish(ImageRejected.subject, payload)
    async with _listening(connect, Position((await _end(connect)).epoch, 0)) as listener:
        await until(lambda: len(listener.items) >= 40)
    assert listener.payloads() == payloads


@given(st.text("0123456789abcABC", min_size=1, max_size=24), st.integers(0, 10**19 - 1))
def test_a_place_is_read_back_from_its_text(epoch: str, seq: int) -> None:
    place = Position(epoch, seq)
    assert Position.parse(str(place)) == place


@pytest.mark.parametrize(
    "text",
    ["", ":", "a:", ":1", "a:-1", "a:1.0", "a:1:2", "a:²", "a b:1", "a:1\n", "x" * 25 + ":1", "a:" + "1" * 20, "a:٣"],
)
def test_anything_else_is_no_place(text: str) -> None:
    with pytest.raises(ValueError, match="not a position"):
        Position.parse(text)
