"""The live socket `/ws` from the client's side. Events are hints: after a `Resync`, REST tells the truth."""

import asyncio
from types import TracebackType
from typing import Self
from uuid import UUID

import aiohttp
from pydantic import TypeAdapter

from dermfolio.contracts.views.live import (
    EmergencyNews,
    LicenceChanged,
    LiveEvent,
    Pong,
    Present,
    Resync,
    RightsChanged,
    SocketProblem,
    SocketSays,
    Subscribe,
    Subscribed,
    TagsChanged,
)

Message = (
    Subscribed
    | LiveEvent
    | Resync
    | RightsChanged
    | LicenceChanged
    | TagsChanged
    | EmergencyNews
    | Present
    | SocketProblem
    | Pong
)

_SAYS: TypeAdapter[Message] = TypeAdapter(SocketSays)
_ANSWER_SECONDS = 10.0


class SocketRefused(Exception):  # noqa: N818
    """The gateway did not accept a subscription."""

    def __init__(self, problem: SocketProblem) -> None:
        super().__init__(f"{problem.code}: {problem.detail}")
        self.code = problem.code


class Live:
    """One socket, open inside `async with`. Iterating over it yields what is heard, and ends when the socket does."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._heard: asyncio.Queue[Message] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        """Connect; raises aiohttp.ClientError when that fails."""
        self._socket = await self._http.ws_connect("/ws", max_msg_size=2**20)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Disconnect."""
        await self._open.close()

    async def subscribe(self, patient: UUID, cursor: str | None = None) -> str:
        """Follow a patient, resuming after `cursor`; returns the cursor from which on nothing is missed.

        Call it before iterating, or expect the answer among what is heard. Raises SocketRefused.
        """
        await self._open.send_str(Subscribe(type="subscribe", patient=patient, cursor=cursor).model_dump_json())
        async with asyncio.timeout(_ANSWER_SECONDS):
            while True:
                message = await self._next()
                if isinstance(message, Subscribed) and message.patient == patient:
                    return message.cursor
                if isinstance(message, SocketProblem) and message.patient == patient:
                    raise SocketRefused(message)
                self._heard.put_nowait(message)

    def __aiter__(self) -> Self:
        """Iterate over messages."""
        return self

    async def __anext__(self) -> Message:
        """Wait for the next message."""
        try:
            return self._heard.get_nowait() if not self._heard.empty() else await self._next()
        except ConnectionResetError:
            raise StopAsyncIteration from None

    async def _next(self) -> Message:
        received = await self._open.receive()
        if received.type is not aiohttp.WSMsgType.TEXT:
            raise ConnectionResetError(f"the socket was closed ({self._open.close_code})")
        return _SAYS.validate_json(received.data)

    @property
    def _open(self) -> aiohttp.ClientWebSocketResponse:
        if self._socket is None:
            raise RuntimeError("used outside 'async with'")
        return self._socket
