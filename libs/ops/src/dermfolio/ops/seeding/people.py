"""Having patients add invented people, batch by batch, with a line of progress now and then."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from dermfolio.common.bus import Requests
from dermfolio.contracts.seeding import PEOPLE_AT_ONCE, SeededSite, SeedPatients

AT_ONCE = 2
"""Batches under way: while one is written the next is invented."""

SAY_SECONDS = 10.0


@dataclass
class Progress:
    """How far it is, said now and then."""

    of: int
    done: int = 0
    added: int = 0
    began: float = field(default_factory=time.monotonic)
    said: float = field(default_factory=time.monotonic)

    def count(self, batch: int, added: int) -> None:
        """Another batch is there."""
        self.done += batch
        self.added += added
        if time.monotonic() - self.said > SAY_SECONDS:
            self.said = time.monotonic()
            print(f"  {self.line()}", flush=True)

    def line(self) -> str:
        """How far it is, how fast it goes, and how long it will take."""
        rate = self.done / max(time.monotonic() - self.began, 1e-3)
        left = (self.of - self.done) / max(rate, 1e-3)
        return f"{self.done:,} of {self.of:,} people are there, {rate:,.0f} a second, {left / 60:.0f} minutes to go"


async def plant(requests: Requests, seed: int, count: int, sites: Sequence[SeededSite], by: UUID) -> Progress:
    """Have the first `count` people of a seed added, as far as they are not there. Raises Refused and Unavailable."""
    progress, batches = Progress(count), iter(range(-(-count // PEOPLE_AT_ONCE)))
    await asyncio.gather(*(_batches(requests, seed, sites, by, batches, progress) for _ in range(AT_ONCE)))
    return progress


async def _batches(
    requests: Requests,
    seed: int,
    sites: Sequence[SeededSite],
    by: UUID,
    batches: Iterator[int],
    progress: Progress,
) -> None:
    for batch in batches:
        count = min(PEOPLE_AT_ONCE, progress.of - batch * PEOPLE_AT_ONCE)
        asked = SeedPatients(seed=seed, batch=batch, count=count, sites=list(sites), by=by)
        progress.count(count, (await requests.ask(asked)).people)
