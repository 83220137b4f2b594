"""What a client still sends when it has its answer already.

A connection that is closed while bytes arrive is reset, and the client may never see the answer (RFC 9112, 9.6). So
a short rest is left to the server to read and drop; with a long one the answer says that the connection closes, and
the rest is dropped for a bounded time before it does.
"""

import asyncio

from starlette.types import Message, Receive, Send

SHORT_BYTES = 32 * 1024 * 1024
LINGER_SECONDS = 5.0
LINGER_BYTES = 64 * 1024 * 1024

_CLOSE = (b"connection", b"close")


class Body:
    """Receive and send of one request that has a body; `length` is None when it is not announced."""

    def __init__(self, receive: Receive, send: Send, *, length: int | None, expects_continue: bool) -> None:
        self._receive = receive
        self._send = send
        self._length = length
        self._waiting = expects_continue
        self._taken = 0
        self._ended = False
        self._lingers = False

    async def receive(self) -> Message:
        """The next message of the client."""
        self._waiting = False
        message = await self._receive()
        if message["type"] == "http.request":
            self._taken += len(message.get("body", b""))
            self._ended = not message.get("more_body", False)
        else:
            self._ended = True
        return message

    async def send(self, message: Message) -> None:
        """Send a message of the answer."""
        if message["type"] == "http.response.start":
            self._lingers = self._has_long_rest()
            if self._lingers:
                message = {**message, "headers": [*message["headers"], _CLOSE]}
        elif self._lingers and not message.get("more_body", False):
            await self._send({**message, "more_body": True})
            await self._drop_rest()
            message = {"type": "http.response.body", "body": b""}
        await self._send(message)

    def _has_long_rest(self) -> bool:
        if self._ended:
            return False
        # a client that waits to be told to go on may send its body or not: where the next request begins is unknown
        return self._waiting or self._length is None or self._length - self._taken > SHORT_BYTES

    async def _drop_rest(self) -> None:
        dropped = self._taken
        try:
            async with asyncio.timeout(LINGER_SECONDS):
                while not self._ended and self._taken - dropped < LINGER_BYTES:
                    await self.receive()
        except TimeoutError:
            return
