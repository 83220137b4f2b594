"""Listening at the socket, and something to say."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import aiohttp

from dermfolio.contracts.images import ImageIngested

from .owner import HOME


class Open:
    """An open connection, for tests."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws

    async def hear(self, seconds: float = 20.0) -> dict[str, Any]:
        """The next message."""
        found: dict[str, Any] = await self.ws.receive_json(timeout=seconds)
        return found

    async def silent(self, seconds: float = 0.4) -> bool:
        """Whether nothing comes for a while. The connection cannot be used for anything but asking again."""
        await self.ws.send_json({"type": "ping"})
        await asyncio.sleep(seconds)
        return (await self.hear())["type"] == "pong"

    async def follow(self, patient: UUID, cursor: str | None = None) -> dict[str, Any]:
        """Subscribe; returns the confirmation."""
        await self.ws.send_json({"type": "subscribe", "patient": str(patient), "cursor": cursor})
        return await self.hear()


def ingested(patient: UUID, version: int = 2, site: UUID = HOME) -> ImageIngested:
    return ImageIngested(image=uuid4(), patient=patient, site=site, version=version, revision=1)
