"""Waiting for what a socket announces about photographs."""

import asyncio
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from uuid import UUID

import aiohttp

from dermfolio.contracts.views.images import ImageState
from dermfolio.contracts.views.live import LiveEvent, Resync
from dermfolio.ops.api_client import Api

_STATES = {
    "images.ingested": ImageState.READY,
    "images.rejected": ImageState.REJECTED,
    "images.failed": ImageState.FAILED,
}
AGAIN_SECONDS = 0.2
CONNECTED_SECONDS = 30.0


@dataclass(frozen=True)
class Announcement:
    """A photograph reached its end, one way or another."""

    state: ImageState
    at: float
    """`time.monotonic()` when it was heard."""
    reason: str | None
    heard: bool
    """On the socket; if not, a resync made us look."""


class Watch:
    """Follows one patient's photographs; connects again where it was when the connection breaks."""

    def __init__(self, api: Api, patient: UUID) -> None:
        self._api = api
        self._patient = patient
        self._known: dict[UUID, Announcement] = {}
        self._news = asyncio.Condition()
        self._following = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.connections = 0
        """How often it connected."""

    async def __aenter__(self) -> Self:
        """Return once nothing can be missed any more. Raises SocketRefused, or TimeoutError."""
        self._task = asyncio.create_task(self._follow())
        following = asyncio.create_task(self._following.wait())
        await asyncio.wait({self._task, following}, timeout=CONNECTED_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if following.done():
            return self
        following.cancel()
        if self._task.done():
            await self._task
        self._task.cancel()
        raise TimeoutError(f"no socket within {CONNECTED_SECONDS:.0f} s")

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop following."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def end_of(self, image: UUID, seconds: float) -> Announcement:
        """Wait until a photograph is ready, rejected or failed. Raises TimeoutError."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: image in self._known)
            return self._known[image]

    async def _follow(self) -> None:
        cursor: str | None = None
        while True:
            try:
                async with self._api.live() as live:
                    cursor = await live.subscribe(self._patient, cursor)
                    self.connections += 1
                    self._following.set()
                    async for message in live:
                        if isinstance(message, LiveEvent | Resync):
                            cursor = message.cursor
                        if isinstance(message, LiveEvent):
                            await self._announce(message)
                        elif isinstance(message, Resync):
                            await self._look()
            except (aiohttp.ClientError, ConnectionError, TimeoutError):
                await asyncio.sleep(AGAIN_SECONDS)

    async def _announce(self, event: LiveEvent) -> None:
        state = _STATES.get(event.event)
        if state is not None:
            found = Announcement(state, time.monotonic(), event.data.get("reason"), heard=True)
            await self._tell(UUID(event.data["image"]), found)

    async def _look(self) -> None:
        """Ask what the socket could not tell."""
        for image in await self._api.whole_pool(self._patient):
            if image.state is not ImageState.PROCESSING and image.id not in self._known:
                await self._tell(image.id, Announcement(image.state, time.monotonic(), image.reason, heard=False))

    async def _tell(self, image: UUID, announcement: Announcement) -> None:
        async with self._news:
            self._known[image] = announcement
            self._news.notify_all()
