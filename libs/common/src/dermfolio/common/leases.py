"""Leases: of several replicas, one does a chore at a time. PostgreSQL session advisory locks on one connection.

A lease saves work; it never carries correctness: what runs under it must also be right when two hold it for a moment.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable

import asyncpg
import structlog

from dermfolio.common.db import Database
from dermfolio.common.errors import Unavailable

log = structlog.get_logger()

CHECK_SECONDS = 1.0

_LOST = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


def lock_number(name: str) -> int:
    """Map a lease's name to a signed 64-bit advisory lock number."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


class Leases:
    """Runs tasks, each on the one replica that holds its lease, for as long as the lock's connection lives."""

    def __init__(self, db: Database, tasks: dict[str, Callable[[], Awaitable[None]]]) -> None:
        self._db = db
        self._tasks = tasks
        self.held: set[str] = set()

    async def run(self) -> None:
        """Compete for the leases until cancelled."""
        while True:
            try:
                connection = await self._db.dedicated()
            except Unavailable:
                await asyncio.sleep(CHECK_SECONDS)
                continue
            try:
                await self._hold(connection)
            except _LOST as error:
                log.warning("leases.lost", leases=sorted(self.held), error=type(error).__name__)
            finally:
                self.held.clear()
                connection.terminate()
            await asyncio.sleep(CHECK_SECONDS)

    async def _hold(self, connection: asyncpg.Connection) -> None:
        running: dict[str, asyncio.Task[None]] = {}
        try:
            while True:
                for name, task in self._tasks.items():
                    if name in running and not running[name].done():
                        continue
                    if name in running:
                        _report(name, running.pop(name))
                    if name in self.held or await self._take(connection, name):
                        self.held.add(name)
                        running[name] = asyncio.create_task(_as_coroutine(task), name=f"lease:{name}")
                await connection.execute("SELECT 1", timeout=5)
                await asyncio.sleep(CHECK_SECONDS)
        finally:
            for leased in running.values():
                leased.cancel()
            await asyncio.gather(*running.values(), return_exceptions=True)

    async def _take(self, connection: asyncpg.Connection, name: str) -> bool:
        return bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", lock_number(name), timeout=5))


async def _as_coroutine(task: Callable[[], Awaitable[None]]) -> None:
    await task()


def _report(name: str, task: asyncio.Task[None]) -> None:
    """A leased task ended: say so; it is started again by the loop."""
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, Unavailable):
        log.error("lease.task_failed", lease=name, exc_info=error)
    else:
        log.info("lease.task_ended", lease=name, error=str(error) if error else None)
