"""Streams and consumers of the embedded bus, made again when they are gone."""

import asyncio

import structlog

from dermfolio.common import setup
from dermfolio.common.going_on import going_on
from dermfolio.contracts.permissions import SETUP_USER
from dermfolio.local.servers.nats_server import NatsServer

log = structlog.get_logger()

REPEAT_SECONDS = 5.0
_PATIENCE_SECONDS = 30.0


class BusSetup:
    """Applies the setup step once, and then every few seconds, so that a stream that was lost comes back."""

    def __init__(self, nats: NatsServer) -> None:
        self._nats = nats
        self._repeating: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Apply it, and go on in the background; raises what `setup.apply` raises."""
        await self._apply()
        self._repeating = asyncio.create_task(self._repeat())

    async def stop(self) -> None:
        """No more; whatever is under way has half a second to end."""
        if self._repeating is not None:
            self._repeating.cancel()
            await asyncio.wait([self._repeating], timeout=0.5)

    async def _apply(self) -> None:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await setup.apply(self._nats.url, self._nats.passwords[SETUP_USER])

    async def _repeat(self) -> None:
        while going_on():
            await asyncio.sleep(REPEAT_SECONDS)
            try:
                await self._apply()
            except Exception as error:  # noqa: BLE001 (the server may be down: the next round makes up for it)
                log.warning("bus_setup.failed", error=type(error).__name__)
