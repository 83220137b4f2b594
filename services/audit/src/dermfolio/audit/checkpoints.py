"""Signing checkpoints: after so many records, or after so much time when there is something new, and at the end."""

import asyncio
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import structlog

from dermfolio.audit import checkpoint_repository, repository
from dermfolio.audit.chain import Place
from dermfolio.audit.notes import Checkpoint
from dermfolio.audit.signing import CheckpointKeys
from dermfolio.common.db import Database
from dermfolio.common.errors import Unavailable
from dermfolio.contracts.messages import now

log = structlog.get_logger()

STOP_SECONDS = 1.5
"""The end of the service does not wait longer for its last checkpoint; the next start makes it up."""


class Checkpointer:
    """Signs the newest record. A context manager: whoever leaves it has signed what there was.

    Whoever signs holds the lock on the chain's head, for as long as it takes to insert a row. So checkpoints become
    visible in the order of their positions, and of two replicas the second finds nothing new.
    """

    def __init__(self, db: Database, keys: CheckpointKeys, *, every_records: int, every: timedelta) -> None:
        self._db = db
        self._keys = keys
        self._every_records = every_records
        self._every = every

    async def sign_if_due(self) -> None:
        """Sign when enough records or enough time have passed since the newest checkpoint."""
        async with self._db.read() as rows:
            head = (await repository.standing(rows)).head
            if head.position == await checkpoint_repository.newest(rows):
                return
        await self._sign(only_if_due=True)

    async def sign(self) -> None:
        """Sign the newest record, unless it is signed."""
        await self._sign(only_if_due=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Sign what is new."""
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self.sign()
        except (Unavailable, TimeoutError) as cause:
            log.warning("checkpoint.left_for_next_start", cause=str(cause) or "it took too long")

    async def _sign(self, *, only_if_due: bool) -> None:
        signer = await self._keys.signer()
        async with self._db.write() as session:
            head = await repository.lock_head(session)
            position, at = await checkpoint_repository.newest_place(session)
            moment = now()
            if head.position <= position or (only_if_due and not self._is_due(head, position, at, moment)):
                return
            checkpoint = Checkpoint(signer.name, head, f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z")
            await checkpoint_repository.insert_checkpoint(session, head, moment, signer.note(checkpoint.text))
        log.info("checkpoint.signed", position=head.position)

    def _is_due(self, head: Place, position: int, at: datetime | None, moment: datetime) -> bool:
        return at is None or head.position - position >= self._every_records or moment - at >= self._every
