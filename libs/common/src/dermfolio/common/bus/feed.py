"""The live feed: the EVENTS stream read in order by its sequence, woken by the events themselves.

Batches are fetched by direct get (NATS ADR-31), so there is no consumer to lose: after an outage, a restart or a
deleted stream the reader simply asks again from where it stood. A stream made anew has another epoch.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import nats.errors
import nats.js.errors
import structlog
from nats.aio.msg import Msg

from dermfolio.common.bus.connection import Connection
from dermfolio.common.errors import Unavailable
from dermfolio.common.going_on import going_on
from dermfolio.contracts.streams import EVENTS

log = structlog.get_logger()

BATCH = 256
POLL_SECONDS = 1.0
"""How long an event may go unnoticed when its wake-up is lost."""

SETTLE_SECONDS = 0.01
"""When to look again for an event that woke the reader and is not stored yet: the server hands an event to subscribers
and to the stream at once, in no order. Each further look waits four times as long, up to POLL_SECONDS.
"""

EPOCH_CHECK_SECONDS = 2.0


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the feed, valid on every replica."""

    epoch: str
    seq: int

    def __str__(self) -> str:
        return f"{self.epoch}:{self.seq}"

    @classmethod
    def parse(cls, text: str) -> "Position":
        """Read a position from its text. Raises ValueError on anything else."""
        epoch, _, seq = text.partition(":")
        if not (epoch.isalnum() and len(epoch) <= 24 and seq.isascii() and seq.isdigit() and len(seq) <= 19):
            raise ValueError("not a position")
        return cls(epoch, int(seq))


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One event of the feed."""

    position: Position
    subject: str
    payload: bytes


class Feed:
    """Reads EVENTS in order."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._wakes: set[asyncio.Event] = set()
        self._batches: dict[str, asyncio.Queue[Msg]] = {}
        self._inbox = ""
        self._asked = 0

    async def __aenter__(self) -> "Feed":
        self._inbox = self._connection.client.new_inbox()
        await self._connection.subscribe(f"{self._inbox}.*", self._heard)
        for subject in EVENTS.subjects:
            await self._connection.subscribe(subject, lambda _: self._wake())
        self._connection.when_up(self._wake)
        return self

    async def __aexit__(self, *_: object) -> None:
        """The subscriptions end with the connection."""

    async def end(self) -> Position:
        """The position of the newest event. Raises Unavailable."""
        await self._connection.wait(POLL_SECONDS)
        try:
            info = await self._connection.client.jetstream(timeout=5).stream_info(EVENTS.name)
        except (nats.errors.Error, nats.js.errors.Error, TimeoutError) as error:
            raise Unavailable(f"bus: {type(error).__name__}") from error
        return Position(_epoch(str(info.created)), info.state.last_seq)

    async def follow(self, start: Position) -> AsyncIterator[list[FeedItem] | Position]:
        """Yield batches after `start`, for ever. When the stream was made anew, yield its new start as a Position:
        what lay between is unknown.
        """
        wake = asyncio.Event()
        self._wakes.add(wake)
        try:
            async for found in self._follow(start, wake):
                yield found
        finally:
            self._wakes.discard(wake)

    async def _follow(self, place: Position, wake: asyncio.Event) -> AsyncIterator[list[FeedItem] | Position]:
        checked, pause = 0.0, POLL_SECONDS
        loop = asyncio.get_running_loop()
        while going_on():
            try:
                if loop.time() - checked > EPOCH_CHECK_SECONDS:
                    end = await self.end()
                    checked = loop.time()
                    if end.epoch != place.epoch or end.seq < place.seq:
                        place = Position(end.epoch, 0) if end.epoch != place.epoch else end
                        yield place
                wake.clear()
                items = await self._after(place)
            except Unavailable:
                checked = 0.0
                await asyncio.sleep(0.2)
                continue
            if items:
                place = items[-1].position
                yield items
                continue
            try:
                async with asyncio.timeout(pause):
                    await wake.wait()
                pause = SETTLE_SECONDS
            except TimeoutError:
                pause = min(4 * pause, POLL_SECONDS)

    async def _after(self, place: Position) -> list[FeedItem]:
        """One batch of events after a place."""
        await self._connection.wait(POLL_SECONDS)
        self._asked += 1
        reply = f"{self._inbox}.{self._asked}"
        batch = self._batches[reply] = asyncio.Queue()
        question = {"seq": place.seq + 1, "batch": BATCH, "next_by_subj": EVENTS.subjects[0]}
        try:
            await self._connection.publish(
                f"$JS.API.DIRECT.GET.{EVENTS.name}", json.dumps(question).encode(), reply=reply
            )
            items: list[FeedItem] = []
            async with asyncio.timeout(5):
                while (item := _opened(await batch.get(), place.epoch)) is not None:
                    if item.position.seq > place.seq:
                        items.append(item)
        except (nats.errors.Error, TimeoutError) as error:
            raise Unavailable(f"bus: {type(error).__name__}") from error
        finally:
            del self._batches[reply]
        return items

    def _heard(self, msg: Msg) -> None:
        batch = self._batches.get(msg.subject)
        if batch is not None:
            batch.put_nowait(msg)

    def _wake(self) -> None:
        for wake in self._wakes:
            wake.set()


def _opened(msg: Msg, epoch: str) -> FeedItem | None:
    """Read one message of a batch; None at its end."""
    headers = msg.headers or {}
    status = headers.get("Status")
    if status in {"204", "404"}:
        return None
    if status is not None:
        raise Unavailable(f"bus: direct get answered {status}")
    return FeedItem(Position(epoch, int(headers["Nats-Sequence"])), headers["Nats-Subject"], msg.data)


def _epoch(created: str) -> str:
    """A short name of a stream's time of making."""
    return "".join(c for c in created if c.isalnum())[:24]
