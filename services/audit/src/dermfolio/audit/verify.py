"""Verifying the trail: the chain, the columns that searches use, every producer's count, and what is still to come.

The table is read in batches in order of position, so memory stays flat however long the trail is.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from pydantic_core import from_json

from dermfolio.audit import repository
from dermfolio.audit.chain import GENESIS, WINDOW, Link, Place, diagnose, proven
from dermfolio.audit.finding import Finding, of_break, of_columns, of_end, of_gap, of_lost_end
from dermfolio.audit.keys import ChainKeys
from dermfolio.audit.repository import Standing
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database, ReadConnection
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.contracts.audit import FactsMissed
from dermfolio.contracts.replay import REPLAYS
from dermfolio.contracts.views.audit import VerificationView

log = structlog.get_logger()

BATCH = 1000
ASK_SECONDS = 5.0
"""The verdict does not wait longer for a producer that may be down."""

_BEFORE_ALL = -(2**63)
"""Nothing is stored before this position, not even by somebody who puts a record before the first."""

_MISSED = FactsMissed.subject.removeprefix("evt.")


@dataclass
class _Count:
    """Per producer: the seq up to which the trail has everything, or says what it missed."""

    seqs: dict[str, int] = field(default_factory=dict)
    missed: int = 0

    def take(self, body: Mapping[str, Any]) -> Finding | None:
        """Count a record; finds fault when facts of its producer lie between it and the one before."""
        producer, seq = body["producer"], body["seq"]
        awaited = self.seqs.get(producer, 0) + 1
        if seq != awaited:
            return of_gap(body["position"], producer, awaited, seq)
        self.seqs[producer] = seq
        if body["event"] == _MISSED:
            self._skip(body["object_id"], body["detail"])
        return None

    def _skip(self, producer: str, detail: Mapping[str, int]) -> None:
        if detail["first"] == self.seqs.get(producer, 0) + 1:
            self.seqs[producer] = detail["last"]
            self.missed += detail["last"] - detail["first"] + 1


async def verify_trail(db: Database, requests: Requests, keys: ChainKeys) -> VerificationView:
    """Verify every record up to the newest one of this moment. Raises Unavailable when the database is not there."""
    count = _Count()
    async with db.read() as rows:
        standing = await repository.standing(rows)
        finding = await _walk(rows, standing, keys, count)
    records = finding.position - 1 if finding else standing.head.position
    if finding is not None:
        log.error("trail.broken", position=finding.position, kind=finding.kind)
    reached = standing.taken_up if finding else count.seqs
    heads = await asyncio.gather(*(_head(requests, producer, reached.get(producer, 0)) for producer in REPLAYS))
    gaps = {p: head - reached.get(p, 0) for p, head in zip(REPLAYS, heads, strict=True) if head is not None}
    return VerificationView(
        intact=finding is None,
        records=records,
        first_broken=finding.position if finding else None,
        kind=finding.kind if finding else None,
        finding=finding.sentence if finding else _all_holds(records, count.missed, gaps),
        gaps={producer: gap for producer, gap in gaps.items() if gap},
        not_asked=[producer for producer in REPLAYS if producer not in gaps],
    )


async def _walk(rows: ReadConnection, standing: Standing, keys: ChainKeys, count: _Count) -> Finding | None:
    """Follow the stored chain to the head; returns the first fault."""
    place, read = GENESIS, _BEFORE_ALL
    while batch := await repository.stored(rows, after=read, upto=standing.head.position, limit=BATCH):
        links = [_link(row) for row in batch]
        end = proven(links, place, keys.every)
        for row, link in zip(batch, links[: end.position - place.position], strict=False):
            body = from_json(link.body)
            fault = count.take(body) or _diverged(row, body)
            if fault is not None:
                return fault
        if len(links) > end.position - place.position:
            after = end.position if end.position > place.position else read
            beyond = await repository.stored(rows, after=after, upto=standing.last, limit=WINDOW)
            return of_break(diagnose([_link(row) for row in beyond], end, keys.every))
        place, read = end, end.position
    return _at_end(place, standing, count)


def _link(row: Any) -> Link:
    return Link(row["position"], row["key_version"], row["body"].encode(), row["mac"])


def _diverged(row: Any, body: Mapping[str, Any]) -> Finding | None:
    columns = (row["id"], row["producer"], row["seq"], row["site"], row["patient"])
    same = columns == (body["id"], body["producer"], body["seq"], body.get("site"), body.get("patient"))
    return None if same else of_columns(row["position"])


def _at_end(place: Place, standing: Standing, count: _Count) -> Finding | None:
    if fault := of_end(place, standing.head, standing.last):
        return fault
    for producer, taken_up in standing.taken_up.items():
        counted = count.seqs.get(producer, 0)
        if counted < taken_up:
            return of_lost_end(place, producer, counted, taken_up)
    return None


async def _head(requests: Requests, producer: str, reached: int) -> int | None:
    """How many facts a producer has given out; None when it cannot be asked."""
    try:
        async with asyncio.timeout(ASK_SECONDS):
            found = await requests.ask(REPLAYS[producer](after=reached, limit=1))
    except (Unavailable, Refused, TimeoutError) as error:
        log.warning("trail.producer_not_asked", producer=producer, cause=str(error))
        return None
    return found.head


def _all_holds(records: int, missed: int, gaps: Mapping[str, int]) -> str:
    sentences = [
        {0: "The trail is empty.", 1: "The only record verifies."}.get(records, f"All {records:,} records verify.")
    ]
    if missed:
        sentences.append(f"{missed:,} facts were no longer to be had when the trail asked; its records say which.")
    sentences += [
        f"{producer} has forgotten {-gap:,} facts that the trail holds: it was restored from an older backup."
        for producer, gap in gaps.items()
        if gap < 0
    ]
    return " ".join(sentences)
