"""A cancellation that a library swallows ends what it was meant for all the same."""

import asyncio
from typing import Any

import pytest

from dermfolio.common.bus import Publisher
from dermfolio.common.db import Database
from dermfolio.common.going_on import going_on
from dermfolio.common.outbox import Relay
from dermfolio.local.servers.nats_server import NatsServer

END_SECONDS = 20.0


async def swallowing(*_: Any) -> int:
    """Wait as Python 3.11's wait_for does when what it waits for ends in the moment of the cancellation."""
    try:
        await asyncio.sleep(0.05)
    except asyncio.CancelledError:
        return 0
    return 0


async def ends(task: "asyncio.Task[Any]") -> bool:
    await asyncio.sleep(0.02)
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=END_SECONDS)
    return task in done


async def test_a_loop_ends_though_its_cancellation_was_swallowed() -> None:
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while going_on():
            turns += 1
            await swallowing()

    assert await ends(asyncio.create_task(turn()))
    assert turns > 0


async def test_a_timeout_that_was_met_is_no_reason_to_end() -> None:
    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await asyncio.sleep(1)
    assert going_on()


async def test_a_relay_ends_though_its_cancellation_was_swallowed(
    db: Database, connect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connect("images") as connection:
        relay = Relay(db, Publisher(connection))
        monkeypatch.setattr(relay, "publish_waiting", swallowing)
        assert await ends(asyncio.create_task(relay.run()))


async def test_a_connection_that_is_left_stops_reconnecting_though_that_was_swallowed(
    connect: Any, nats: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    trying = asyncio.Event()

    async def refused(*_: Any) -> None:
        first = not trying.is_set()
        trying.set()
        try:
            await asyncio.sleep(END_SECONDS if first else 0.0)
        except asyncio.CancelledError:
            if not first:
                raise
        raise ConnectionRefusedError

    async with connect("images") as connection:
        monkeypatch.setattr(connection.client, "_connect_to_server", refused)
        await asyncio.to_thread(nats.kill)
        await trying.wait()
        reconnecting = connection.client._reconnection_task
    done, _ = await asyncio.wait({reconnecting}, timeout=END_SECONDS)
    assert reconnecting in done
