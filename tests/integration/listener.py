"""A socket that follows one patient and comes back with its cursor, as the screen of a second user does."""

import asyncio
from collections import Counter
from types import TracebackType
from typing import Self
from uuid import UUID

import aiohttp

from dermfolio.contracts.views.images import ImageState
from dermfolio.contracts.views.live import LiveEvent, Resync
from dermfolio.ops.api_client import Api
from dermfolio.ops.live import SocketRefused

from .browser import Browser

_AGAIN_SECONDS = 0.2
_ENDS = {"images.ingested": ImageState.READY, "images.rejected": ImageState.REJECTED}


class Listener:
    """`screen` is what somebody would see who never reloads: the state of each photograph, by image."""

    def __init__(self, browser: Browser, api: Api, patient: UUID) -> None:
        self.screen: dict[UUID, ImageState] = {}
        self.connections = 0
        self.resyncs = 0
        self.told: Counter[UUID] = Counter()
        """How often the end of a photograph was announced."""
        self.name = f"the socket at {api.base_url}"
        self._browser, self._api, self._patient = browser, api, patient
        self._following = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._follow())
        async with asyncio.timeout(60):
            await self._following.wait()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def fault(self) -> BaseException | None:
        """What ended it, if it does not go on."""
        return self._task.exception() if self._task is not None and self._task.done() else None

    async def _follow(self) -> None:
        cursor: str | None = None
        while True:
            try:
                async with self._api.live() as live:
                    cursor = await live.subscribe(self._patient, cursor)
                    self.connections += 1
                    self._following.set()
                    async for message in live:
                        if isinstance(message, LiveEvent):
                            cursor = message.cursor
                            self._show(message)
                        elif isinstance(message, Resync):
                            cursor = message.cursor
                            self.resyncs += 1
                            await self._fetch_again()
            except SocketRefused as refusal:
                if refusal.code != "unavailable":
                    raise
            except aiohttp.WSServerHandshakeError as refusal:
                if refusal.status < 500:
                    raise
            except (aiohttp.ClientError, ConnectionError, TimeoutError):
                pass  # as when the gateway is gone
            await asyncio.sleep(_AGAIN_SECONDS)

    def _show(self, event: LiveEvent) -> None:
        state = _ENDS.get(event.event)
        if state is not None:
            image = UUID(event.data["image"])
            self.screen[image] = state
            self.told[image] += 1

    async def _fetch_again(self) -> None:
        """Do what `resync` asks for."""
        for image in await self._browser.insist(lambda api: api.whole_pool(self._patient)):
            if image.state is not ImageState.PROCESSING:
                self.screen[image.id] = image.state
