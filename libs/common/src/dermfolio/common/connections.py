"""A pool of asyncpg connections that keep no state from one use to the next.

asyncpg's own pool wraps each use in tasks and timers, which cost a hot read as much as its statement.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

_SPOILT = (
    asyncio.CancelledError,
    TimeoutError,
    asyncpg.InternalClientError,  # cut off in the middle of a word
)
"""After these, a statement may still be under way."""


class Connections:
    """Up to `size` connections, opened when they are needed; the one used last is used next."""

    def __init__(self, dsn: str, *, size: int, **options: Any) -> None:
        """`options`: what `asyncpg.connect` takes."""
        self._dsn = dsn
        self._options = options
        self._idle: list[asyncpg.Connection] = []
        self._slots = asyncio.Semaphore(size)

    @asynccontextmanager
    async def one(self, patience: float) -> AsyncIterator[asyncpg.Connection]:
        """Yield a connection of one's own. Raises TimeoutError when none is free for `patience` seconds."""
        if self._slots.locked():
            async with asyncio.timeout(patience):
                await self._slots.acquire()
        else:
            await self._slots.acquire()
        try:
            connection = self._open() or await asyncpg.connect(self._dsn, **self._options)
            try:
                yield connection
            except _SPOILT:
                connection.terminate()
                raise
            finally:
                self._idle.append(connection)
        finally:
            self._slots.release()

    async def close(self) -> None:
        """Close what is idle, which is everything once nobody asks any more."""
        await asyncio.gather(*(connection.close() for connection in self._idle))
        self._idle.clear()

    def _open(self) -> asyncpg.Connection | None:
        """The idle connection used last; those that were closed meanwhile are let go."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return None
