"""Requests as fast as they are answered: each connection sends its next one when an answer is whole."""

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import cast

from benchmarks.api.load import Target, WrongAnswerError

CONNECTIONS = 16
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


@dataclass(frozen=True)
class Wanted:
    """A request, and how many bytes the body of its answer has."""

    request: bytes
    length: int


async def answered(target: Target, wanted: Iterator[Wanted], seconds: float) -> float:
    """Ask for what is `wanted` next, over and over; returns answers per second.

    Raises WrongAnswerError for another status or another number of bytes, and ConnectionError.
    """
    loop = asyncio.get_running_loop()
    connections: list[_Connection] = []
    begun = time.perf_counter()
    try:
        for _ in range(CONNECTIONS):
            opened = partial(_Connection, wanted, begun + seconds)
            connections.append((await loop.create_connection(opened, target.host, target.port))[1])
        await asyncio.gather(*(connection.done for connection in connections))
    finally:
        for connection in connections:
            connection.close()
    return sum(connection.answers for connection in connections) / (time.perf_counter() - begun)


class _Connection(asyncio.Protocol):
    """One connection that counts bytes and keeps none."""

    def __init__(self, wanted: Iterator[Wanted], until: float) -> None:
        self._wanted = wanted
        self._until = until
        self._transport: asyncio.WriteTransport | None = None
        self._expected = 0
        self._head = b""
        self._missing = 0
        self.answers = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done with the first answer after the time is up."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._next(self._transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._read(data)
        except WrongAnswerError as error:
            self._fail(error)

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(error or ConnectionError("closed before the answer was whole"))

    def close(self) -> None:
        self.done.cancel()
        if self._transport is not None:
            self._transport.close()

    def _next(self, transport: asyncio.WriteTransport) -> None:
        if time.perf_counter() >= self._until:
            self.done.set_result(None)
            return
        following = next(self._wanted)
        self._expected = following.length
        transport.write(following.request)

    def _read(self, data: bytes) -> None:
        if self._missing:
            self._missing -= len(data)
        else:
            self._head += data
            if b"\r\n\r\n" not in self._head:
                return
            head, _, body = self._head.partition(b"\r\n\r\n")
            self._head = b""
            length = _LENGTH.search(head + b"\r\n")
            if not head.startswith(b"HTTP/1.1 200 ") or length is None or int(length[1]) != self._expected:
                raise WrongAnswerError(f"{head!r} {body[:200]!r} instead of {self._expected} bytes")
            self._missing = self._expected - len(body)
        if self._missing < 0:
            raise WrongAnswerError(f"{-self._missing} bytes more than {self._expected}")
        if self._missing == 0:
            self.answers += 1
            assert self._transport is not None
            self._next(self._transport)

    def _fail(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)
