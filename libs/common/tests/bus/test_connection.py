"""A connection to the bus: it waits, it notices, it comes back, and it leaves politely."""

import asyncio
import os
import signal
import time
from typing import Any

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from dermfolio.common.bus import Connection, connection
from dermfolio.common.errors import Unavailable
from dermfolio.local.servers.nats_server import NatsServer

HINT = "live.images.outbox"


async def test_it_waits_for_a_server_that_is_not_there_yet(nats: NatsServer) -> None:
    await asyncio.to_thread(nats.kill)
    one = Connection(nats.url, "images", nats.passwords["images"])
    entering = asyncio.create_task(one.__aenter__())
    await asyncio.sleep(3 * connection.RETRY_SECONDS)
    assert not entering.done()
    assert not one.connected
    await asyncio.to_thread(nats.start)
    await asyncio.wait_for(entering, 30)
    assert one.connected
    await one.__aexit__(None, None, None)


async def test_it_does_not_come_in_with_a_wrong_password_and_keeps_trying(nats: NatsServer) -> None:
    one = Connection(nats.url, "images", nats.passwords["patients"])
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(one.__aenter__(), 1)
    assert not one.connected
    await one.__aexit__(None, None, None)


async def test_it_tells_when_the_server_is_lost_and_when_it_is_back(connect: Any, nats: NatsServer, until: Any) -> None:
    told: list[str] = []
    async with connect("images") as one:
        one.when_down(lambda: told.append("down"))
        one.when_up(lambda: told.append("up"))
        for times in (1, 2, 3):
            await asyncio.to_thread(nats.kill)
            await until(lambda: not one.connected)
            with pytest.raises(Unavailable):
                await one.wait(0.01)
            await asyncio.to_thread(nats.start)
            await until(lambda: one.connected)
            await one.wait(0.01)
            assert told == ["down", "up"] * times


async def test_it_comes_back_however_often_it_has_tried(
    connect: Any, nats: NatsServer, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "RETRY_SECONDS", 0.002)
    async with connect("images") as one:
        await asyncio.to_thread(nats.kill)
        await until(lambda: one.client._server_pool[0].reconnects > 200)  # the library's own limit is 60
        await asyncio.to_thread(nats.start)
        await until(lambda: one.connected)


async def test_a_server_that_hangs_is_noticed(
    connect: Any, nats: NatsServer, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PING_SECONDS", 0.1)
    async with connect("images") as one:
        os.kill(nats.pid, signal.SIGSTOP)
        try:
            await until(lambda: not one.connected)
        finally:
            os.kill(nats.pid, signal.SIGCONT)
        await until(lambda: one.connected)


async def test_subscriptions_survive_a_new_server(connect: Any, nats: NatsServer, until: Any, admin: Client) -> None:
    heard: list[Msg] = []
    async with connect("images") as one:
        await one.subscribe(HINT, heard.append)
        await asyncio.to_thread(nats.kill)
        await until(lambda: not one.connected)
        await asyncio.to_thread(nats.start)
        await until(lambda: one.connected and admin.is_connected)
        await admin.publish(HINT, b"{}")
        await until(lambda: len(heard) == 1)


async def test_a_subscriber_that_fails_hears_the_next_message_too(connect: Any, admin: Client, until: Any) -> None:
    heard: list[Msg] = []

    def fail(msg: Msg) -> None:
        heard.append(msg)
        raise ValueError("a fault")

    async with connect("images") as one:
        await one.subscribe(HINT, fail)
        for _ in range(2):
            await one.client.flush()
        for _ in range(3):
            await admin.publish(HINT, b"{}")
        await until(lambda: len(heard) == 3)


async def test_a_connection_that_the_library_gives_up_ends_the_process(
    connect: Any, ended: list[int], until: Any
) -> None:
    async with connect("images") as one:
        await one.client._send_command(b"NO SUCH COMMAND\r\n")
        await until(lambda: ended)
        assert not one.connected
    assert ended == [signal.SIGTERM]
    ended.clear()


@pytest.mark.parametrize("server", ["up", "down"])
async def test_leaving_takes_no_time(connect: Any, nats: NatsServer, until: Any, server: str) -> None:
    async with connect("images") as one:
        await one.subscribe(HINT, lambda _: None)
        if server == "down":
            await asyncio.to_thread(nats.kill)
            await until(lambda: not one.connected)
        began = time.monotonic()
    assert time.monotonic() - began < 4  # half of what it would wait for a subscriber that hangs
