"""Keeping what audit itself has to record: each caller waits for the commit that holds its record. What arrives while
one group is being committed is the next group, so many callers pay for few commits and few turns at the chain's head.
"""

import asyncio

import structlog

from dermfolio.audit.append import Writer
from dermfolio.audit.record import Draft
from dermfolio.common import faults
from dermfolio.common.db import Database
from dermfolio.common.errors import Unavailable

log = structlog.get_logger()

GROUP_SIZE = 256


class Keeper:
    """Commits records that audit counts itself: its own facts, and the gateway's."""

    def __init__(self, db: Database, writer: Writer) -> None:
        self._db = db
        self._writer = writer
        self._waiting: list[tuple[Draft, asyncio.Future[None]]] = []
        self._committing: asyncio.Task[None] | None = None

    async def keep(self, draft: Draft) -> None:
        """Return once the record is committed. Raises Unavailable when it cannot be."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((draft, kept))
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit_all())
        await kept

    async def _commit_all(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:GROUP_SIZE], self._waiting[GROUP_SIZE:]
            fault = await self._commit([draft for draft, _ in group])
            for _, kept in group:
                if kept.done():
                    continue  # its caller has gone
                if fault is None:
                    kept.set_result(None)
                else:
                    kept.set_exception(fault)
        self._committing = None

    async def _commit(self, drafts: list[Draft]) -> Unavailable | None:
        try:
            async with self._db.write() as session:
                await self._writer.keep(session, drafts)
            faults.point("trail.kept")
        except Unavailable as error:
            return error
        except Exception as error:  # every waiting caller is told, whatever went wrong
            log.exception("trail.not_kept", records=len(drafts))
            return Unavailable(f"trail: {type(error).__name__}")
        return None
