"""Runs the gateway: connects, serves, and stops without dropping what it holds."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Coroutine

import structlog

from dermfolio.common.auth import ActorSigner
from dermfolio.common.blobs import Blobs
from dermfolio.common.bus import Connection, Feed, Publisher, Requests
from dermfolio.common.health import Health
from dermfolio.common.settings import key_bytes
from dermfolio.contracts.presence import PeoplePresent
from dermfolio.gateway.app import Gateway, Parts, gateway
from dermfolio.gateway.http_server import listening
from dermfolio.gateway.settings import GatewaySettings

log = structlog.get_logger()

NAME = "gateway"
CHECK_SECONDS = 0.5


@contextlib.asynccontextmanager
async def hosted(settings: GatewaySettings) -> AsyncIterator[Gateway]:
    """Run a gateway in this event loop for the length of the block."""
    signer = ActorSigner(NAME, key_bytes(settings.signing_key))
    async with contextlib.AsyncExitStack() as stack:
        health = Health(settings.health_host, settings.health_port)
        health.start()
        stack.callback(health.stop)
        connection = Connection(settings.nats_url, NAME, settings.nats_password.get_secret_value())
        listens = asyncio.Event()
        await stack.enter_async_context(_running(_watch_health(health, connection, listens), "health"))
        await stack.enter_async_context(connection)
        requests = await stack.enter_async_context(Requests(connection, signer, patience=settings.patience_seconds))
        feed = await stack.enter_async_context(Feed(connection))
        blobs = await stack.enter_async_context(
            Blobs(
                settings.s3_endpoint,
                settings.s3_bucket,
                access_key=settings.s3_access_key.get_secret_value(),
                secret_key=settings.s3_secret_key.get_secret_value(),
            )
        )
        made = gateway(settings, Parts(requests, signer, feed, Publisher(connection).hint, blobs))
        await connection.subscribe(PeoplePresent.subject, lambda msg: made.presence.hear(msg.data))
        await stack.enter_async_context(_running(made.hub.run(), "live"))
        await stack.enter_async_context(_running(made.presence.run(), "presence"))
        await stack.enter_async_context(listening(made.asgi, settings.http_host, settings.http_port))
        listens.set()
        log.info("service.started", role="serve")
        yield made


async def _watch_health(health: Health, connection: Connection, listens: asyncio.Event) -> None:
    """Ready while the bus is there: without it nobody can be asked. Owners tell of their own stores and databases."""
    while True:
        if not connection.connected:
            health.report({"bus": "not connected"})
        elif listens.is_set():
            health.report({})
        health.turned()
        await asyncio.sleep(CHECK_SECONDS)


@contextlib.asynccontextmanager
async def _running(work: Coroutine[None, None, None], name: str) -> AsyncIterator[None]:
    """Run a task for the length of the block; should it end by itself, so does the process."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_end_process)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _end_process(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.critical("service.part_failed", part=task.get_name(), exc_info=error)
        signal.raise_signal(signal.SIGTERM)
