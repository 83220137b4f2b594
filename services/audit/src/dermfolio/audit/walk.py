"""Walking along the stored chain, from the first record to the head: MACs, the columns for searching, every producer's
count. The table is read in batches, and the next one is on its way while one is checked, so memory stays flat however
long the trail is.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json

from dermfolio.audit import repository
from dermfolio.audit.chain import GENESIS, WINDOW, Keys, Link, Place, diagnose, proven
from dermfolio.audit.finding import Finding, of_break, of_columns, of_end, of_gap, of_lost_end
from dermfolio.audit.repository import Standing
from dermfolio.common.db import ReadConnection
from dermfolio.contracts.audit import FactsMissed

BATCH = 2000

_MISSED = FactsMissed.subject.removeprefix("evt.")


@dataclass
class Count:
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


async def walk(rows: ReadConnection, standing: Standing, keys: Keys, count: Count) -> Finding | None:
    """Follow the stored chain to the head; returns the first fault."""
    walker = _Walker(keys, count)
    async with rows.transaction():
        cursor = await repository.stored(rows, upto=standing.head.position)
        batch = await cursor.fetch(BATCH)
        while batch:
            ahead = asyncio.create_task(cursor.fetch(BATCH))
            try:
                fault = await asyncio.to_thread(walker.take, batch)
            finally:
                batch = await ahead
            if fault is not None:
                return fault
            if walker.broken:
                window = walker.broken + [_link(row) for row in batch[:WINDOW]]
                if len(window) < WINDOW:
                    beyond = await repository.beyond(rows, after=standing.head.position, limit=WINDOW)
                    window += [_link(row) for row in beyond]
                return of_break(diagnose(window[:WINDOW], walker.place, keys))
    return _at_end(walker.place, standing, count)


@dataclass
class _Walker:
    """Checks batch after batch, in a thread: whoever else waits for this process is served meanwhile."""

    keys: Keys
    count: Count
    place: Place = GENESIS
    broken: list[Link] = field(default_factory=list)
    """The first record that does not hold and what follows it in its batch."""

    def take(self, batch: Sequence[Any]) -> Finding | None:
        """Check the MACs of a batch, and what the records that hold say."""
        links = [_link(row) for row in batch]
        end = proven(links, self.place, self.keys)
        good = end.position - self.place.position
        for link, row in zip(links[:good], batch, strict=False):
            body = from_json(link.body)
            fault = self.count.take(body) or _diverged(link, row["columns"], body)
            if fault is not None:
                return fault
        self.place, self.broken = end, links[good : good + WINDOW]
        return None


def _link(row: Any) -> Link:
    position, key_version, body, mac, _ = row
    return Link(position, key_version, body.encode(), mac)


def _diverged(link: Link, columns: str, body: Mapping[str, Any]) -> Finding | None:
    said = f"{body['id']} {body['producer']} {body['seq']} {body.get('site', '-')} {body.get('patient', '-')}"
    return None if columns == said else of_columns(link.position)


def _at_end(place: Place, standing: Standing, count: Count) -> Finding | None:
    if fault := of_end(place, standing.head, standing.last):
        return fault
    for producer, taken_up in standing.taken_up.items():
        counted = count.seqs.get(producer, 0)
        if counted < taken_up:
            return of_lost_end(place, producer, counted, taken_up)
    return None
