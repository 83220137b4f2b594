"""What images have lost: each is told of, or, where the store has lost many or shows nothing, all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from dermfolio.common.blobs import Blobs
from dermfolio.common.db import Database
from dermfolio.contracts.reconciling import Lost, ObjectsMissing
from dermfolio.contracts.replay import Origin
from dermfolio.images import findings, reconcile_repository
from dermfolio.images.judging import Claim, Kind
from dermfolio.images.metrics import FOUND

log = structlog.get_logger()

MISSING_AT_MOST = 50

_SERVICE = Origin(service="images")


@dataclass(frozen=True, slots=True)
class Loss:
    """An image, and what it must have and the store has not."""

    claim: Claim
    absent: dict[Kind, str]


class Losses:
    """Keeps what is missing. Where more than `at_most` images have lost something, or the store lists nothing at all,
    it is the store that fails: that is one alarm, and while it stands nothing is to be removed.
    """

    def __init__(self, db: Database, blobs: Blobs, *, at_most: int) -> None:
        self._db = db
        self._blobs = blobs
        self._at_most = at_most

    async def record(self, losses: Sequence[Loss], *, besides: int = 0, dry_run: bool = False) -> list[Lost] | None:
        """Keep losses, in a dry run only look at them; returns those that are none of a moment, or None where it is the
        store that fails. `besides` is how many more images are known to have lost something.
        """
        if not losses:
            return []
        images = [loss.claim.image for loss in losses]
        count = len(losses) + max(besides, await reconcile_repository.others_missing(self._db, images))
        if count > self._at_most or await self._store_is_empty():
            if not dry_run:
                await self._tell_of_the_store(count)
            return None
        keep = findings.still_missing if dry_run else findings.record_missing
        lost = [(loss.claim.image, what) for loss in losses for what in await keep(self._db, loss.claim, loss.absent)]
        async with self._db.write() as s:
            known = {(one.image, one.object): one for one in await reconcile_repository.findings(s, "missing", images)}
        return [known.get(one, Lost(image=one[0], object=one[1], since=None)) for one in lost]

    async def store_fails(self, lost: int) -> bool:
        """Whether the alarm about the store stands, or so many images that have lost something would raise it."""
        return lost > self._at_most or await reconcile_repository.store_fails(self._db)

    async def _store_is_empty(self) -> bool:
        async for _ in self._blobs.stored():
            return False
        return True

    async def _tell_of_the_store(self, images: int) -> None:
        async with self._db.write() as s:
            if not await reconcile_repository.find_store_failing(s):
                return
            s.say(ObjectsMissing(images=images), _SERVICE)
        FOUND.labels("store", "missing").inc()
        log.error("objects.missing", images=images)
