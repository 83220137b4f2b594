"""The scrub: over time every original is opened and hashed again, those that were examined longest ago first."""

import hashlib
from datetime import timedelta

import structlog

from dermfolio.common.blobs import BlobMissing, Blobs
from dermfolio.common.data_keys import DataKeys
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.sealing import Tampered
from dermfolio.images import findings, keys, reconcile_repository
from dermfolio.images.losses import MISSING_AT_MOST, Loss, Losses
from dermfolio.images.metrics import EXAMINED
from dermfolio.images.models import Image

log = structlog.get_logger()

DAMAGED_AT_ONCE = 10
"""How many originals that were found damaged are looked at again in a run."""


class Scrub:
    """Examines some originals, one at a time, a segment of each in memory.

    `at_once` bounds a run; what was examined less than `again_after` ago is left alone. A store or key that cannot be
    reached is no damage: then the run ends (Unavailable), and the next one begins at the same original. So it does
    where the store has lost many.
    """

    def __init__(
        self,
        db: Database,
        blobs: Blobs,
        data_keys: DataKeys,
        *,
        at_once: int,
        again_after: timedelta,
        missing_at_most: int = MISSING_AT_MOST,
    ) -> None:
        self._db = db
        self._blobs = blobs
        self._data_keys = data_keys
        self._losses = Losses(db, blobs, at_most=missing_at_most)
        self._at_once = at_once
        self._again_after = again_after

    async def __call__(self) -> None:
        """Examine those that are due, and those that were found damaged: somebody may have mended them."""
        async with self._db.write() as s:
            damaged = await reconcile_repository.damaged(s, DAMAGED_AT_ONCE)
            due = await reconcile_repository.due_for_examination(s, self._again_after, self._at_once)
        examined = {image.id: image for image in (*damaged, *due)}.values()
        missing = [image for image in examined if not await self._is_there(image)]
        lost = [Loss(reconcile_repository.claim_of(image), {"original": _original(image)}) for image in missing]
        if await self._losses.record(lost) is None:
            return
        async with self._db.write() as s:
            for image in missing:
                await reconcile_repository.examined(s, image.id)

    async def _is_there(self, image: Image) -> bool:
        """Examine an original that is there."""
        try:
            whole = await self._sha256(image) == image.sha256
        except BlobMissing:
            EXAMINED.labels("missing").inc()
            return False
        except (Tampered, Refused) as error:  # refused: its owner knows of no key for it
            log.warning("original.closed", image=str(image.id), cause=type(error).__name__)
            whole = False
        EXAMINED.labels("whole" if whole else "damaged").inc()
        if not whole:
            await findings.record_damaged(self._db, image)
            return True
        async with self._db.write() as s:
            await reconcile_repository.examined(s, image.id)
            await reconcile_repository.mended(s, image.id)
        return True

    async def _sha256(self, image: Image) -> str:
        seal = await self._data_keys.seal(image.patient, owner=keys.OWNER, key=_original(image))
        digest = hashlib.sha256()
        async with await self._blobs.get(seal) as opened:
            async for part in opened:
                digest.update(part)
        return digest.hexdigest()


def _original(image: Image) -> str:
    return keys.original(image.id, image.attempt)
