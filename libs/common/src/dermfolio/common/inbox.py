"""The inbox: each message takes effect once, though it may be delivered often; and attempts are counted where a
process that dies cannot forget them.
"""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Unavailable
from dermfolio.common.plumbing import inbox


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt at a message. A handler calls `done` in the transaction of the effect."""

    consumer: str
    message: UUID
    attempt: int

    async def done(self, session: WriteSession) -> bool:
        """Mark the message as done with this transaction; False when another delivery was faster."""
        changed = await session.execute(
            sa.update(inbox)
            .where(inbox.c.consumer == self.consumer, inbox.c.message == self.message, inbox.c.state == "open")
            .values(state="done", changed_at=sa.func.now())
            .returning(inbox.c.message)
        )
        return changed.first() is not None


class Inbox:
    """The inbox of one consumer."""

    def __init__(self, db: Database, consumer: str) -> None:
        self._db = db
        self._consumer = consumer
        self._owed: set[UUID] = set()

    async def begin(self, message: UUID) -> Delivery | None:
        """Count an attempt before the handler runs; None when the message is done or buried already."""
        counted = 0 if message in self._owed else 1
        statement = (
            insert(inbox)
            .values(consumer=self._consumer, message=message, attempts=1)
            .on_conflict_do_update(
                index_elements=[inbox.c.consumer, inbox.c.message],
                set_={"attempts": inbox.c.attempts + counted, "changed_at": sa.func.now()},
                where=inbox.c.state == "open",
            )
            .returning(inbox.c.attempts)
        )
        async with self._db.write() as session:
            attempt = (await session.execute(statement)).scalar()
        self._owed.discard(message)
        return None if attempt is None else Delivery(self._consumer, message, attempt)

    async def forget_attempt(self, message: UUID) -> None:
        """The attempt ended for a reason that is not the message's: it does not count.

        When that reason is this database, the next attempt is not counted instead.
        """
        try:
            await self._set(message, attempts=inbox.c.attempts - 1)
        except Unavailable:
            self._owed.add(message)

    async def refuse(self, message: UUID) -> None:
        """The message is not valid and nothing of it can ever be done; later deliveries are ignored."""
        statement = insert(inbox).values(consumer=self._consumer, message=message, state="buried")
        async with self._db.write() as session:
            await session.execute(statement.on_conflict_do_nothing())

    async def bury(self, message: UUID) -> None:
        """The message is in the dead-letter stream; later deliveries are ignored."""
        await self._set(message, state="buried")

    async def settle(self, message: UUID) -> None:
        """The handler ended without an effect in the database; later deliveries are ignored."""
        await self._set(message, state="done")

    async def _set(self, message: UUID, **values: object) -> None:
        async with self._db.write() as session:
            await session.execute(
                sa.update(inbox)
                .where(inbox.c.consumer == self._consumer, inbox.c.message == message, inbox.c.state == "open")
                .values(**values, changed_at=sa.func.now())
            )
