"""Requests at a fixed rate, whatever the answers take, over a few kept-alive connections."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

CONNECTIONS = 16


@dataclass(frozen=True)
class Target:
    """Where requests go, and what they carry."""

    host: str
    port: int
    cookie: str

    def get(self, path: str) -> bytes:
        """A GET request, ready to send."""
        return (
            f"GET {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nCookie: dermfolio_session={self.cookie}\r\n"
            "User-Agent: benchmark\r\nAccept: application/json\r\n\r\n"
        ).encode()


class WrongAnswerError(Exception):
    """A request was not answered with 200."""


async def offered(target: Target, requests: Sequence[bytes], rate: float) -> list[float]:
    """Send requests at `rate` per second; returns the seconds from the moment each was due to its whole answer.

    What waits for a free connection waits at its own cost, so slow answers cannot slow the load down. Raises
    WrongAnswerError.
    """
    free: asyncio.LifoQueue[_Connection] = asyncio.LifoQueue()
    connections = [await _Connection.to(target) for _ in range(CONNECTIONS)]
    for connection in connections:
        free.put_nowait(connection)
    begin = time.perf_counter() + 0.05
    seconds = [0.0] * len(requests)

    async def one(number: int, request: bytes) -> None:
        due = begin + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        connection = await free.get()
        await connection.exchange(request)
        seconds[number] = time.perf_counter() - due
        free.put_nowait(connection)

    try:
        async with asyncio.TaskGroup() as group:
            for number, request in enumerate(requests):
                group.create_task(one(number, request))
    finally:
        for connection in connections:
            connection.close()
    return seconds


async def one_after_another(target: Target, requests: Sequence[bytes], connections: int) -> list[float]:
    """Send requests over some connections, on each the next as soon as the last is answered; returns the seconds of
    each. Raises WrongAnswerError.
    """
    left = iter(requests)
    seconds: list[float] = []

    async def one(connection: _Connection) -> None:
        for request in left:
            began = time.perf_counter()
            await connection.exchange(request)
            seconds.append(time.perf_counter() - began)

    opened = [await _Connection.to(target) for _ in range(connections)]
    try:
        await asyncio.gather(*map(one, opened))
    finally:
        for connection in opened:
            connection.close()
    return seconds


class _Connection:
    """One connection that reads no more of an answer than it must."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def to(cls, target: Target) -> "_Connection":
        return cls(*await asyncio.open_connection(target.host, target.port, limit=2**20))

    async def exchange(self, request: bytes) -> bytes:
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        body = await self._reader.readexactly(length)
        if not head.startswith(b"http/1.1 200 "):
            raise WrongAnswerError(f"{head[:20]!r} {body[:200]!r}")
        return body

    def close(self) -> None:
        self._writer.close()
