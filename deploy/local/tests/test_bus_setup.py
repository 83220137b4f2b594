"""Streams of the embedded bus come back."""

import asyncio

import nats as nats_client
import pytest
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from dermfolio.contracts.streams import CONSUMERS, STREAMS
from dermfolio.local import bus_setup
from dermfolio.local.bus_setup import BusSetup
from dermfolio.local.servers.nats_server import NatsServer


async def complete(context: JetStreamContext) -> bool:
    try:
        for stream in STREAMS:
            await context.stream_info(stream.name)
        for consumer in CONSUMERS:
            await context.consumer_info(consumer.stream, consumer.name)
    except NotFoundError:
        return False
    return True


async def test_a_deleted_stream_is_made_anew(nats: NatsServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bus_setup, "REPEAT_SECONDS", 0.1)
    setup = BusSetup(nats)
    await setup.start()
    client = await nats_client.connect(nats.url_of("setup"))
    context = client.jetstream()
    assert await complete(context)
    await context.delete_stream(STREAMS[0].name)
    for _ in range(300):
        if await complete(context):
            break
        await asyncio.sleep(0.1)
    assert await complete(context)
    await setup.stop()
    await context.delete_stream(STREAMS[0].name)
    await asyncio.sleep(0.5)
    assert not await complete(context)
    await client.close()


async def test_goes_on_after_the_server_was_down(nats: NatsServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bus_setup, "REPEAT_SECONDS", 0.1)
    setup = BusSetup(nats)
    await setup.start()
    nats.kill()
    await asyncio.sleep(0.5)
    nats.start()
    client = await nats_client.connect(nats.url_of("setup"))
    await client.jetstream().delete_stream(STREAMS[0].name)
    for _ in range(300):
        if await complete(client.jetstream()):
            break
        await asyncio.sleep(0.1)
    assert await complete(client.jetstream())
    await setup.stop()
    await client.close()
