"""Removes objects that no image claims: what is known not to count at once, what nothing is known of after a while."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import structlog

from dermfolio.common import faults
from dermfolio.common.blobs import Blobs, Stored
from dermfolio.common.db import Database, WriteSession
from dermfolio.contracts.images import ObjectSwept
from dermfolio.contracts.replay import Origin
from dermfolio.images import keys, reconcile_repository, repository
from dermfolio.images.judging import Verdict, judged
from dermfolio.images.together import Together

log = structlog.get_logger()

SWEPT = UUID("5a1f6c0e-8f0b-4b7e-9d3c-2f1f0a7d6e55")
"""Names the fact of an object's removal (RFC 9562, version 5): however often it is begun, it is recorded once."""


STRAYS_AT_MOST = 200


class Sweeper:
    """Removes objects. `grace` is how long what nothing is known of stays in quarantine; where more than `at_most`
    originals do, it is the table that has lost photographs, and they stay.
    """

    def __init__(self, db: Database, blobs: Blobs, grace: timedelta, *, at_most: int = STRAYS_AT_MOST) -> None:
        self._db = db
        self._blobs = blobs
        self._grace = grace
        self._at_most = at_most

    async def due(self, strays: Sequence[Stored], *, dry_run: bool) -> set[str]:
        """Put strays into quarantine; those that have been there for the grace period are due."""
        if not strays:
            return set()
        async with self._db.write() as s:
            if not dry_run:
                await reconcile_repository.note(s, [(stray.key, stray.size) for stray in strays])
            due = await reconcile_repository.due(s, [stray.key for stray in strays], self._grace)
            originals = await reconcile_repository.stray_originals(s) if due else 0
        faults.point("sweep.noted")
        if originals <= self._at_most:
            return due
        log.error("objects.strays_kept", originals=originals, due=len(due))
        return set()

    async def remove(self, found: Sequence[Together], due: Collection[str], old: datetime) -> int:
        """Record and remove what is superfluous, and of strays what is due, where that is so still; returns how many.

        The record comes first: what is recorded and there is removed by the next pass, and not recorded again.
        """
        async with self._db.write() as s:
            await reconcile_repository.alone(s)
            doomed = await self._unclaimed(s, found, due, old)
            facts = {uuid5(SWEPT, stored.key): keys.image_of(stored.key) for stored in doomed}
            recorded = await repository.recorded(s, facts)
            for fact, image in facts.items():
                if fact not in recorded:
                    s.say(ObjectSwept(id=fact, image=image), Origin(service="images"))
        faults.point("sweep.recorded")
        await self._blobs.delete_listed(doomed)
        async with self._db.write() as s:
            await reconcile_repository.release(s, [stored.key for stored in doomed])
        log.info("objects.swept", objects=len(doomed))
        return len(doomed)

    async def _unclaimed(
        self, s: WriteSession, found: Sequence[Together], due: Collection[str], old: datetime
    ) -> list[Stored]:
        claims = await reconcile_repository.claims(s, [one.image for one in found if one.image is not None])
        return [
            stored
            for one in found
            for stored, verdict in judged(one.objects, claims.get(one.image) if one.image else None, old)
            if verdict is Verdict.SUPERFLUOUS or (verdict is Verdict.STRAY and stored.key in due)
        ]
