"""Checkpoints that a test has signed and brought away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from dermfolio.audit import checkpoint_repository
from dermfolio.audit.app import store_of
from dermfolio.audit.checkpoints import Checkpointer
from dermfolio.audit.deliveries import Delivery

if TYPE_CHECKING:
    from .conftest import Producers, Trail

HOUR = timedelta(hours=1)


def checkpointer(trail: Trail, *, every_records: int = 10_000, every: timedelta = HOUR) -> Checkpointer:
    """What signs the checkpoints of a trail."""
    return Checkpointer(trail.db, trail.checkpoint_keys, every_records=every_records, every=every)


async def say(trail: Trail, producers: Producers, count: int) -> None:
    """Make records."""
    for _ in range(count):
        producers.images.say()
    await trail.take_up(producers.images)


async def signed(trail: Trail, producers: Producers, rounds: int = 3) -> str:
    """Ten records and a checkpoint, again and again; returns the notes, as somebody keeps them outside."""
    for _ in range(rounds):
        await say(trail, producers, 10)
        await checkpointer(trail).sign()
    return "\n".join(await notes(trail))


async def notes(trail: Trail) -> list[str]:
    """The notes in the database."""
    async with trail.db.read() as rows:
        return [row.note for row in await checkpoint_repository.kept(rows, after=0, upto=2**62, limit=1000)]


async def deliver(trail: Trail) -> None:
    """Bring them to the store."""
    await Delivery(trail.db, store_of(trail.settings)).deliver()
