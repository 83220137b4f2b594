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
from dermfolio.images.metrics import EXAMINED
from dermfolio.images.models import Image
from dermfolio.images.reconcile import count_findings

log = structlog.get_logger()

DAMAGED_AT_ONCE = 10
"""How many originals that were found damaged are looked at again in a run."""


class Scrub:
    """Examines some originals, one at a time, a segment of each in memory.

    `at_once` bounds a run; what was examined less than `again_after` ago is left alone. A store or key that cannot be
    reached is no damage: then the run ends (Unavailable), and the next one begins at the same original.
    """

    def __init__(
        self, db: Database, blobs: Blobs, data_keys: DataKeys, *, at_once: int, again_after: timedelta
    ) -> None:
        self._db = db
        self._blobs = blobs
        self._data_keys = data_keys
        self._at_once = at_once
        self._again_after = again_after

    async def __call__(self) -> None:
        """Examine those that are due, and those that were found damaged: somebody may have mended them."""
        async with self._db.write() as s:
            damaged = await reconcile_repository.damaged(s, DAMAGED_AT_ONCE)
            due = await reconcile_repository.due_for_examination(s, self._again_after, self._at_once)
        for image in {image.id: image for image in (*damaged, *due)}.values():
            await self._examine(image)
        await count_findings(self._db)

    async def _examine(self, image: Image) -> None:
        key = keys.original(image.id, image.attempt)
        try:
            whole = await self._sha256(image, key) == image.sha256
        except BlobMissing:
            EXAMINED.labels("missing").inc()
            await self._missing(image, key)
            return
        except (Tampered, Refused) as error:  # refused: its owner knows of no key for it
            log.warning("original.closed", image=str(image.id), cause=type(error).__name__)
            whole = False
        EXAMINED.labels("whole" if whole else "damaged").inc()
        if not whole:
            await findings.record_damaged(self._db, image)
            return
        async with self._db.write() as s:
            await reconcile_repository.examined(s, image.id)
            await reconcile_repository.mended(s, image.id)

    async def _missing(self, image: Image, key: str) -> None:
        await findings.record_missing(self._db, reconcile_repository.claim_of(image), {"original": key})
        async with self._db.write() as s:
            await reconcile_repository.examined(s, image.id)

    async def _sha256(self, image: Image, key: str) -> str:
        seal = await self._data_keys.seal(image.patient, owner=keys.OWNER, key=key)
        digest = hashlib.sha256()
        async with await self._blobs.get(seal) as opened:
            async for part in opened:
                digest.update(part)
        return digest.hexdigest()
