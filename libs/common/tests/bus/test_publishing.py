"""Publishing into streams: acknowledged, once, and honest when it cannot tell."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from nats.aio.msg import Msg
from nats.js.client import JetStreamContext

from dermfolio.common.bus import Publisher
from dermfolio.common.bus.publishing import Outgoing, stream_of
from dermfolio.common.errors import Unavailable
from dermfolio.contracts.images import ImageIngested, IngestImage
from dermfolio.contracts.live import ImagesOutboxFilled
from dermfolio.contracts.streams import DEAD, EVENTS, JOBS
from dermfolio.local.servers.nats_server import NatsServer

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def _job(identity: str | None = None) -> Outgoing:
    return Outgoing(identity or str(uuid4()), IngestImage.subject, b"{}", TRACE)


@pytest.mark.usefixtures("streams")
async def test_messages_are_kept_in_order_with_their_id_and_their_trace(connect: Any, js: JetStreamContext) -> None:
    jobs = [_job() for _ in range(20)]
    async with connect("images") as connection:
        assert await Publisher(connection).publish(jobs) == list(range(1, 21))
    for place, job in enumerate(jobs, start=1):
        kept = await js.get_msg(JOBS.name, place)
        assert (kept.headers or {})["Nats-Msg-Id"] == job.id
        assert (kept.headers or {})["traceparent"] == TRACE


@pytest.mark.usefixtures("streams")
async def test_a_message_published_again_is_kept_once_and_at_its_first_place(
    connect: Any, js: JetStreamContext
) -> None:
    job = _job()
    async with connect("images") as connection:
        publisher = Publisher(connection)
        assert await publisher.publish([job, _job(), job]) == [1, 2, 1]
        assert await publisher.publish([job]) == [1]
    assert (await js.stream_info(JOBS.name)).state.messages == 2


@pytest.mark.usefixtures("streams")
async def test_it_tells_whether_a_stream_keeps_a_message(connect: Any, js: JetStreamContext) -> None:
    job = _job()
    async with connect("images") as connection:
        publisher = Publisher(connection)
        [place] = await publisher.publish([job])
        assert await publisher.kept(JOBS.name, place, job.id)
        assert not await publisher.kept(JOBS.name, place, str(uuid4()))
        assert not await publisher.kept(JOBS.name, place + 1, job.id)
        await js.delete_msg(JOBS.name, place)
        assert not await publisher.kept(JOBS.name, place, job.id)


async def test_without_a_stream_or_a_server_it_is_unavailable(connect: Any, nats: NatsServer, until: Any) -> None:
    async with connect("images") as connection:
        publisher = Publisher(connection)
        with pytest.raises(Unavailable):
            await publisher.publish([_job()])
        await asyncio.to_thread(nats.kill)
        await until(lambda: not connection.connected)
        connection.wait = _no_wait(connection.wait)
        with pytest.raises(Unavailable):
            await publisher.publish([_job()])
        with pytest.raises(Unavailable):
            await publisher.kept(JOBS.name, 1, "x")


def _no_wait(wait: Any) -> Any:
    """The same, with less patience."""

    async def brief(_: float) -> None:
        await wait(0.05)

    return brief


async def test_a_hint_is_heard_and_lost_in_silence_while_the_bus_is_down(
    connect: Any, nats: NatsServer, until: Any
) -> None:
    heard: list[Msg] = []
    async with connect("images") as connection, connect("images") as other:
        await other.subscribe(ImagesOutboxFilled.subject, heard.append)
        for _ in range(2):
            await other.client.flush()
        await Publisher(connection).hint(ImagesOutboxFilled())
        await until(lambda: len(heard) == 1)
        await asyncio.to_thread(nats.kill)
        await until(lambda: not connection.connected)
        await Publisher(connection).hint(ImagesOutboxFilled())


async def test_a_hint_through_a_connection_that_was_closed_is_lost_in_silence(connect: Any, ended: list[int]) -> None:
    async with connect("images") as connection:
        await connection.client.close()
        connection._up.set()  # as in the moment before the loss is noticed
        await Publisher(connection).hint(ImagesOutboxFilled())
    ended.clear()  # a closed connection ends its process


def test_every_kind_that_is_kept_has_its_stream() -> None:
    assert stream_of(IngestImage.subject) == JOBS.name
    assert stream_of(ImageIngested.subject) == EVENTS.name
    assert stream_of(f"dlq.images-ingest.{IngestImage.subject}") == DEAD.name
