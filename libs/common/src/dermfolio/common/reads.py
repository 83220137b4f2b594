"""Reads and denials are facts too: committed before the reply leaves, in groups, so that a busy service
pays one commit for many readers. If the record cannot be written, the read fails.
"""

import asyncio
from typing import Any

import sqlalchemy as sa

from dermfolio.common import faults
from dermfolio.common.db import Database, row_of
from dermfolio.common.errors import Unavailable
from dermfolio.common.plumbing import outbox
from dermfolio.contracts.messages import Event
from dermfolio.contracts.replay import Origin

GROUP_SECONDS = 0.002
"""How long the first record of a group waits for company; well under the 10 ms that a reader may be held up."""

GROUP_SIZE = 256


class ReadLog:
    """Writes records in groups. Each caller of `record` waits for the commit that holds its record."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._waiting: list[tuple[dict[str, Any], asyncio.Future[None]]] = []
        self._writers: set[asyncio.Task[None]] = set()

    async def record(self, event: Event, origin: Origin) -> None:
        """Return once the record is committed. Raises Unavailable when it cannot be."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((row_of(event, origin), written))
        if len(self._waiting) == 1:
            task = asyncio.create_task(self._write_soon())
            self._writers.add(task)
            task.add_done_callback(self._writers.discard)
        await written

    async def _write_soon(self) -> None:
        await asyncio.sleep(GROUP_SECONDS)
        group, self._waiting = self._waiting, []
        for start in range(0, len(group), GROUP_SIZE):
            await self._write(group[start : start + GROUP_SIZE])

    async def _write(self, group: list[tuple[dict[str, Any], "asyncio.Future[None]"]]) -> None:
        try:
            async with self._db.write() as session:
                await session.execute(sa.insert(outbox), [row for row, _ in group])
        except Exception as error:  # noqa: BLE001 - every waiting reader is told, whatever went wrong
            fault = error if isinstance(error, Unavailable) else Unavailable(f"read log: {type(error).__name__}")
            for _, written in group:
                if not written.done():
                    written.set_exception(fault)
            return
        faults.point("reads.committed")
        self._db.on_said()
        for _, written in group:
            if not written.done():
                written.set_result(None)
