"""Following a producer: its facts, each once, in order, with no gap.

A follower keeps, per producer, the `seq` up to which everything is applied, in the transaction of the effect. It asks
the producer for what comes after (`rpc.<producer>.replay`), woken by the producer and by a clock. So a lost,
doubled or reordered message on the bus changes nothing but the delay (decision 0003).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
import structlog
from nats.aio.msg import Msg
from sqlalchemy.dialects.postgresql import insert

from dermfolio.common import faults
from dermfolio.common.bus.connection import Connection
from dermfolio.common.bus.requests import Requests
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.going_on import going_on
from dermfolio.common.metrics import BURIED, FOLLOWER_LAG, FOLLOWER_SEQ
from dermfolio.common.plumbing import cursors, outbox
from dermfolio.contracts.live import FACTS_NUMBERED
from dermfolio.contracts.messages import now
from dermfolio.contracts.replay import REPLAYS, Fact, Facts

log = structlog.get_logger()

LIMIT = 500
POLL_SECONDS = 2.0
"""How long a fact may go unnoticed when its wake-up is lost."""

RETRY_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
FAULTS_BEFORE_BURIAL = 5

Apply = Callable[[WriteSession, str, Sequence[Fact]], Awaitable[None]]


@dataclass(frozen=True)
class Follower:
    """What a service applies of other services' facts. `apply(session, producer, facts)` writes the effect."""

    name: str
    producers: tuple[str, ...]
    apply: Apply
    subjects: tuple[str, ...] | None = None
    """Only these facts; None means all."""
    buries: bool = True
    """Whether a fact that cannot be applied becomes a dead letter; if not, the follower stops at it and says so.
    One that buries is named by `contracts.permissions.follower_name`: the bus takes no other dead letters of it.
    """


class FollowerRunner:
    """Runs one follower under a lease."""

    def __init__(self, db: Database, connection: Connection, requests: Requests, follower: Follower) -> None:
        self._db = db
        self._connection = connection
        self._requests = requests
        self._follower = follower
        self._wake = {producer: asyncio.Event() for producer in follower.producers}

    async def listen(self) -> None:
        """Subscribe to the wake-ups; called once, before any run."""
        for producer in self._follower.producers:
            for subject in self._follower.subjects or (FACTS_NUMBERED[producer].subject,):
                if subject.split(".")[1] == producer:
                    await self._connection.subscribe(subject, self._waker(producer))

    async def run(self) -> None:
        """Follow every producer, for ever."""
        async with asyncio.TaskGroup() as group:
            for producer in self._follower.producers:
                group.create_task(self._follow(producer))

    async def catch_up(self, producer: str) -> int:
        """Apply everything the producer has now; returns the seq reached."""
        while True:
            reached, head = await self._step(producer)
            if reached >= head:
                return reached

    def _waker(self, producer: str) -> Callable[[Msg], None]:
        def woken(_: Msg) -> None:
            self._wake[producer].set()

        return woken

    async def _follow(self, producer: str) -> None:
        faults = 0
        while going_on():
            self._wake[producer].clear()
            try:
                if faults >= FAULTS_BEFORE_BURIAL and self._follower.buries:
                    await self._bury_poison(producer)
                    faults = 0
                await self.catch_up(producer)
                faults = 0
            except (Unavailable, Refused) as error:
                log.info("follower.waits", follower=self._follower.name, producer=producer, cause=str(error))
                await asyncio.sleep(RETRY_SECONDS)
                continue
            except Exception:
                faults += 1
                log.exception("follower.failed", follower=self._follower.name, producer=producer, faults=faults)
                await asyncio.sleep(min(RETRY_SECONDS * 2**faults, LONGEST_PAUSE_SECONDS))
                continue
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake[producer].wait()
            except TimeoutError:
                continue

    async def _step(self, producer: str) -> tuple[int, int]:
        """Fetch and apply one batch; returns (seq reached, the producer's head)."""
        after, found = await self._fetch(producer, LIMIT)
        return await self._apply(producer, after, found), found.head

    async def _fetch(self, producer: str, limit: int) -> tuple[int, Facts]:
        """Ask for what comes after the cursor; returns the cursor and the answer."""
        subjects = list(self._follower.subjects) if self._follower.subjects else None
        after = await self._cursor(producer)
        return after, await self._requests.ask(REPLAYS[producer](after=after, limit=limit, subjects=subjects))

    async def _apply(self, producer: str, after: int, found: Facts) -> int:
        """Write the effect of what was fetched and advance the cursor; returns the seq reached."""
        if found.upto > after:
            async with self._db.write() as session:
                if await self._lock(session, producer) != after:
                    return after  # another replica was here; look again
                if found.facts:
                    await self._follower.apply(session, producer, found.facts)
                await self._advance(session, producer, found.upto)
                faults.point("follower.applied")
            faults.point("follower.committed")
        FOLLOWER_SEQ.labels(self._follower.name, producer).set(found.upto)
        FOLLOWER_LAG.labels(self._follower.name, producer).set(found.head - found.upto)
        return found.upto

    async def _bury_poison(self, producer: str) -> None:
        """Apply fact by fact up to the one that cannot be applied, keep that one as a dead letter, step over it."""
        while True:
            after, found = await self._fetch(producer, 1)
            try:
                if await self._apply(producer, after, found) >= found.head:
                    return
            except (Unavailable, Refused):
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the fact is kept and reported
                await self._bury(producer, after, found.facts[0], error)
                return

    async def _bury(self, producer: str, after: int, fact: Fact, error: Exception) -> None:
        async with self._db.write() as session:
            if await self._lock(session, producer) != after:
                return  # another replica was here
            await session.execute(sa.insert(outbox), _dead_letter(self._follower.name, fact))
            await self._advance(session, producer, fact.seq)
        self._db.on_said()
        BURIED.labels(fact.subject).inc()
        log.error(
            "follower.buried",
            follower=self._follower.name,
            producer=producer,
            seq=fact.seq,
            error=type(error).__name__,
        )

    async def _cursor(self, producer: str) -> int:
        async with self._db.read() as rows:
            seq = await rows.fetchval(
                "SELECT seq FROM cursors WHERE follower = $1 AND producer = $2", self._follower.name, producer
            )
        return int(seq or 0)

    async def _lock(self, session: WriteSession, producer: str) -> int:
        """Lock the cursor's row; returns its seq."""
        key = {"follower": self._follower.name, "producer": producer}
        await session.execute(insert(cursors).values(**key).on_conflict_do_nothing())
        return int(
            (
                await session.execute(
                    sa.select(cursors.c.seq)
                    .where(cursors.c.follower == self._follower.name, cursors.c.producer == producer)
                    .with_for_update()
                )
            ).scalar_one()
        )

    async def _advance(self, session: WriteSession, producer: str, seq: int) -> None:
        await session.execute(
            sa.update(cursors)
            .where(cursors.c.follower == self._follower.name, cursors.c.producer == producer)
            .values(seq=seq)
        )


def _dead_letter(follower: str, fact: Fact) -> dict[str, object]:
    return {
        "id": fact.id,
        "kind": "dlq",
        "subject": f"dlq.{follower}.{fact.subject}",
        "at": now(),
        "payload": fact.data,
        "origin": {},
        "traceparent": None,
        "broadcast": True,
    }
