"""The outbox's relay and replay.

PostgreSQL is the record, the bus a replaceable carrier: what follows from a change is written with the change, and
the relay (one at a time, under a lease) stamps events with the producer's gap-free `seq` and publishes. Killed between
publishing and marking, it publishes again under the same message id. What the bus lost afterwards is sent again:
jobs, because the outbox asks the stream whether it still keeps each one that is not done; events, because followers
read them from here.
"""

import asyncio
import json
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from dermfolio.common import faults
from dermfolio.common.auth import Call
from dermfolio.common.bus.answers import Answer
from dermfolio.common.bus.headers import RESENT
from dermfolio.common.bus.publishing import Outgoing, Publisher, stream_of
from dermfolio.common.db import Database
from dermfolio.common.errors import Unavailable
from dermfolio.common.going_on import going_on
from dermfolio.common.metrics import OUTBOX_OLDEST, OUTBOX_PUBLISHED, OUTBOX_RESENT
from dermfolio.common.plumbing import inbox, outbox
from dermfolio.contracts.messages import Live, now
from dermfolio.contracts.replay import Facts, Replay

log = structlog.get_logger()

BATCH = 200
POLL_SECONDS = 1.0
RETRY_SECONDS = 0.5
KEEP = timedelta(days=30)
SWEEP_SECONDS = 5.0
LOST_AFTER = timedelta(seconds=10)
"""A job published this long ago and not done is looked for in its stream."""

ROOM = 1000
"""Rows that may have been committed later than those behind them, when the search for lost jobs moves on."""

REPLAY_BYTES = 600_000
"""One replay's payload stays under the bus's 1 MiB."""


_NUMBER = """
WITH fresh AS (
    SELECT position, row_number() OVER (ORDER BY position) AS nth FROM (
        SELECT position FROM outbox WHERE published_at IS NULL AND seq IS NULL AND kind = 'evt'
        ORDER BY position LIMIT $1
    ) AS unnumbered
), head AS (
    UPDATE outbox_head SET seq = seq + (SELECT count(*) FROM fresh)
    WHERE seq = (SELECT seq FROM outbox_head) AND EXISTS (SELECT FROM fresh)
    RETURNING seq - (SELECT count(*) FROM fresh) AS reached
)
UPDATE outbox SET seq = reached + nth, published_at = CASE WHEN NOT broadcast THEN now() END
FROM fresh, head WHERE outbox.position = fresh.position
"""
# of two relays, the second waits for the first at the head, finds it moved since it looked, and numbers nothing

_WAITING = """
SELECT position, id::text, subject, at, payload::text, traceparent FROM outbox
WHERE published_at IS NULL AND (kind <> 'evt' OR seq IS NOT NULL) ORDER BY position LIMIT $1
"""
# an event committed since the numbering waits for its number: published without, it would never get one

_MARK = """
UPDATE outbox SET published_at = now(), stream_seq = place
FROM unnest($1::bigint[], $2::bigint[]) AS published (position, place) WHERE outbox.position = published.position
"""


class Relay:
    """Publishes the outbox of one service; runs under a lease. `numbered` is what its followers are woken with."""

    def __init__(self, db: Database, publisher: Publisher, numbered: Live | None = None) -> None:
        self._db = db
        self._publisher = publisher
        self._numbered = numbered
        self._wake = asyncio.Event()
        self._looked_until = 0
        self._ended_until = 0
        self._swept = 0.0

    def wake(self) -> None:
        """Something was committed: look at once."""
        self._wake.set()

    async def run(self) -> None:
        """Publish what waits, for ever; wait out outages."""
        while going_on():
            try:
                self._wake.clear()
                while await self.publish_waiting() == BATCH:
                    pass
                if asyncio.get_running_loop().time() - self._swept > SWEEP_SECONDS:
                    self._swept = asyncio.get_running_loop().time()
                    await self.resend_lost_jobs()
                    await self._forget_old()
            except Unavailable as error:
                log.warning("outbox.waits", cause=str(error))
                await asyncio.sleep(RETRY_SECONDS)
                continue
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def publish_waiting(self) -> int:
        """Number and publish one batch; returns how many rows are done with, at least."""
        numbered = await self._stamp()
        async with self._db.read() as connection:
            rows = await connection.fetch(_WAITING, BATCH)
        OUTBOX_OLDEST.set((now() - rows[0]["at"]).total_seconds() if rows else 0)
        if not rows:
            return numbered
        faults.point("outbox.stamped")
        places = await self._publisher.publish(
            [Outgoing(r["id"], r["subject"], r["payload"].encode(), r["traceparent"]) for r in rows]
        )
        faults.point("outbox.published")
        await self._mark([r["position"] for r in rows], places)
        for row in rows:
            OUTBOX_PUBLISHED.labels(row["subject"]).inc()
        return max(numbered, len(rows))

    async def _stamp(self) -> int:
        """Number a batch of events that have no `seq` yet, and tell followers; returns its size. With that, those
        that are not broadcast are done.
        """
        numbered = await self._db.execute(_NUMBER, BATCH)
        if numbered and self._numbered is not None:
            await self._publisher.hint(self._numbered)
        return numbered

    async def _mark(self, positions: Sequence[int], places: Sequence[int]) -> None:
        await self._db.execute(_MARK, positions, places)

    async def resend_lost_jobs(self) -> int:
        """Publish again the jobs that are neither done nor kept by the stream; returns how many."""
        rows = await self._overdue_jobs()
        lost = [r for r in rows if not await self._publisher.kept(stream_of(r.subject), r.stream_seq, str(r.id))]
        if lost:
            # a stream that was emptied would take the same message id for a duplicate
            again = secrets.token_hex(4)
            messages = [
                Outgoing(f"{r.id}{RESENT}{again}", r.subject, json.dumps(r.payload).encode(), r.traceparent)
                for r in lost
            ]
            await self._mark([r.position for r in lost], await self._publisher.publish(messages))
            for row in lost:
                OUTBOX_RESENT.labels(row.subject).inc()
            log.warning("outbox.jobs_resent", count=len(lost))
        return len(lost)

    async def _overdue_jobs(self) -> Sequence[Any]:
        """A batch of jobs that were published a while ago and have not ended, in turn. What lies before the oldest
        of them has ended, and is not looked through again.
        """
        overdue = (outbox.c.kind == "job", outbox.c.published_at < sa.func.now() - LOST_AFTER)
        ended = sa.exists().where(inbox.c.message == outbox.c.id, inbox.c.state != "open")
        start = max(self._looked_until, self._ended_until)
        async with self._db.write() as session:
            newest = await session.scalar(sa.select(sa.func.max(outbox.c.position)).where(*overdue))
            rows = (
                await session.execute(
                    sa.select(
                        outbox.c.position,
                        outbox.c.id,
                        outbox.c.subject,
                        outbox.c.payload,
                        outbox.c.traceparent,
                        outbox.c.stream_seq,
                    )
                    .where(*overdue, outbox.c.position > start, ~ended)
                    .order_by(outbox.c.position)
                    .limit(BATCH)
                )
            ).all()
        if start == self._ended_until:
            self._ended_until = max(self._ended_until, (rows[0].position if rows else (newest or 0) + 1) - ROOM)
        self._looked_until = rows[-1].position if len(rows) == BATCH else 0
        return rows

    async def _forget_old(self) -> None:
        """Remove what was published more than 30 days ago, a batch of the oldest at a time."""
        first = sa.select(outbox).order_by(outbox.c.position).limit(BATCH).subquery()
        old = sa.select(first.c.position).where(first.c.at < sa.func.now() - KEEP, first.c.published_at.is_not(None))
        async with self._db.write() as session:
            await session.execute(sa.delete(outbox).where(outbox.c.position.in_(old)))


_REPLAY = """
WITH head AS (SELECT seq FROM outbox_head),
page AS (
    SELECT seq, fact, sum(octet_length(fact)) OVER (ORDER BY seq) AS bytes, row_number() OVER (ORDER BY seq) AS nth
    FROM (
        SELECT seq, concat(
            '{"seq":', seq, ',"id":"', id, '","subject":', to_json(subject),
            ',"at":"', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            '","data":', payload, ',"origin":', origin, '}'
        ) AS fact
        FROM outbox WHERE seq > $1 AND ($3::text[] IS NULL OR subject = ANY($3)) ORDER BY seq LIMIT $2
    ) AS candidates
), kept AS (SELECT * FROM page WHERE bytes <= $4 OR nth = 1)
SELECT concat(
    '{"facts":[', (SELECT string_agg(fact, ',' ORDER BY seq) FROM kept),
    '],"upto":', CASE WHEN (SELECT count(*) FROM kept) = $2 OR (SELECT count(*) FROM kept) < (SELECT count(*) FROM page)
                      THEN (SELECT max(seq) FROM kept) ELSE greatest((SELECT seq FROM head), $1) END,
    ',"head":', (SELECT seq FROM head), '}')
"""


def replay(db: Database, followers: Sequence[str]) -> Any:
    """Make the handler of a producer's `rpc.<owner>.replay`, for these services and no other."""

    async def answer(request: Replay, call: Call) -> Answer[Facts]:
        call.need_service(*followers)
        async with db.read() as rows:
            body = await rows.fetchval(_REPLAY, request.after, request.limit, request.subjects, REPLAY_BYTES)
        return Answer(body.encode())

    return answer
