"""Reads and denials are facts too: committed before the reply leaves. Who comes while a commit is under way shares the
next one, so that a busy service pays one commit for many readers and a lone reader waits for nobody. If the record
cannot be written, the read fails.

The hottest reads record themselves: one statement shows and records (`recording`, `ReadLog.show`), which saves a round
trip, and the way there and back of everything that was shown.

At the level `essential` of the trail, routine reads are left out here, and so get no number in the outbox (AUD-2).

They are not broadcast, so the relay is not woken for them: its clock numbers them within a second.
"""

import asyncio
from collections.abc import Awaitable, Callable, Set
from typing import Any

import asyncpg

from dermfolio.common import faults
from dermfolio.common.db import Database, traceparent
from dermfolio.common.errors import Unavailable
from dermfolio.contracts.messages import Event
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.vocabulary import VOCABULARY

GROUP_SIZE = 256
"""Records that share a commit, at most."""

_INSERT = """
INSERT INTO outbox (id, kind, subject, at, payload, origin, traceparent, broadcast)
SELECT id, 'evt', subject, at, payload, origin, traceparent, false
FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::json[], $5::json[], $6::text[])
  AS r (id, subject, at, payload, origin, traceparent)
"""

Shared = Callable[[], Awaitable[bool]]
"""Whether a patient is shared with another site; asked only where it matters."""

_Row = tuple[Any, ...]


def recording(records: str, *, first: int) -> str:
    """The part of a statement that records what the rest of it shows; it stands in the statement's WITH.

    `records` selects the `id` of each record and what is `said` in it, as members of JSON. The five arguments from
    number `first` on are given by `ReadLog.show`.
    """
    subject, at, rest, origin, trace = (f"${n}" for n in range(first, first + 5))
    return f"""
    INSERT INTO outbox (id, kind, subject, at, payload, origin, traceparent, broadcast)
    SELECT id, 'evt', {subject}::text, {at}::timestamptz, concat('{{"id":"', id, '",', said, ',', {rest}::text)::json,
           {origin}::json, {trace}::text, false
    FROM ({records}) AS record
    """  # noqa: S608 - constants only


class ReadLog:
    """Writes records in groups. Each caller of `record` waits for the commit that holds its record."""

    def __init__(self, db: Database, essential: Callable[[], bool] = lambda: False) -> None:
        """`essential` tells whether routine reads are left out now."""
        self._db = db
        self._essential = essential
        self._waiting: list[tuple[_Row, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    def leaves_out(self, event: type[Event], origin: Origin) -> bool:
        """Tell whether such a read is left out, unless the patient is shared with another site."""
        return VOCABULARY[event].routine and origin.opening is None and self._essential()

    async def show(
        self, statement: str, *arguments: Any, event: Event, origin: Origin, said: Set[str]
    ) -> list[asyncpg.Record]:
        """What a statement shows that also records it, once both are committed; `arguments` are those before its
        `recording`. The fields that are `said` there are not taken from the event, nor its id. Not for what is left
        out. Raises Unavailable.
        """
        rest = event.model_dump_json(exclude={"id", *said})[1:]
        circumstances = (origin.model_dump_json(exclude_defaults=True), traceparent())
        rows = await self._db.fetch(statement, *arguments, event.subject, event.at, rest, *circumstances)
        faults.point("reads.shown")
        return rows

    async def record(self, event: Event, origin: Origin, *, shared: Shared | bool = True) -> None:
        """Return once the record is committed, or at once where it is left out: then the patient must be known not to
        be `shared`. Raises Unavailable when it cannot be committed.
        """
        if self.leaves_out(type(event), origin) and not (shared if isinstance(shared, bool) else await shared()):
            return
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        row = (
            event.id,
            event.subject,
            event.at,
            event.model_dump_json(),
            origin.model_dump_json(exclude_defaults=True),
            traceparent(),
        )
        self._waiting.append((row, written))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_waiting())
        await written

    async def _write_waiting(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:GROUP_SIZE], self._waiting[GROUP_SIZE:]
            await self._write(group)

    async def _write(self, group: list[tuple[_Row, "asyncio.Future[None]"]]) -> None:
        try:
            await self._db.execute(_INSERT, *zip(*(row for row, _ in group), strict=True))
        except Exception as error:  # noqa: BLE001 - every waiting reader is told, whatever went wrong
            fault = error if isinstance(error, Unavailable) else Unavailable(f"read log: {type(error).__name__}")
            for _, written in group:
                if not written.done():
                    written.set_exception(fault)
            return
        faults.point("reads.committed")
        for _, written in group:
            if not written.done():
                written.set_result(None)
