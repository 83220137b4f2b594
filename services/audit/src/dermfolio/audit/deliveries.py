"""Bringing checkpoints to where the database's superuser cannot reach them: each destination has its own cursor, so
after an outage it is sent everything that it lacks. The trail never waits for any of them.
"""

from collections.abc import Sequence
from typing import Protocol

import structlog

from dermfolio.audit import checkpoint_repository
from dermfolio.audit.checkpoint_repository import Kept
from dermfolio.common.db import Database
from dermfolio.common.errors import Unavailable

log = structlog.get_logger()

AT_ONCE = 100


class Destination(Protocol):
    """A place that keeps checkpoints. One that is brought twice does no harm there."""

    @property
    def name(self) -> str:
        """What its cursor is called; another place has another name."""

    async def bring(self, checkpoints: Sequence[Kept]) -> None:
        """Return once all of them are kept. Raises Unavailable when they are not."""


class Delivery:
    """Brings checkpoints to one destination."""

    def __init__(self, db: Database, destination: Destination) -> None:
        self._db = db
        self._destination = destination
        self._fails = False

    async def deliver(self) -> None:
        """Bring everything that the destination lacks. Raises Unavailable when it does not take it."""
        name = self._destination.name
        while True:
            async with self._db.read() as rows:
                waiting = await checkpoint_repository.undelivered(rows, name, AT_ONCE)
            if not waiting:
                return
            try:
                await self._destination.bring(waiting)
            except Unavailable as error:
                if not self._fails:  # once, however often it is tried again
                    log.warning("checkpoint.not_delivered", destination=name, waiting=len(waiting), cause=str(error))
                self._fails = True
                raise
            self._fails = False
            async with self._db.write() as session:
                await checkpoint_repository.note_delivery(session, name, waiting[-1].position)
            log.info("checkpoint.delivered", destination=name, position=waiting[-1].position)
