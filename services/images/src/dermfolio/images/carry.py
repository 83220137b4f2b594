"""Carrying a photograph to another patient: its objects are sealed anew under that patient's key, whole and checked,
then the row is switched to them. What lies under the old key is swept.
"""

import hashlib
from collections.abc import Callable
from functools import partial
from uuid import UUID, uuid4

import structlog
from sqlalchemy.exc import IntegrityError

from dermfolio.common import faults
from dermfolio.common.blobs import Blobs
from dermfolio.common.data_keys import DataKeys
from dermfolio.common.db import Database, WriteSession, violated
from dermfolio.common.inbox import Delivery
from dermfolio.common.sealing import Tampered
from dermfolio.contracts.moving import CarryImage, ImageMovedAway, ImageMovedIn, ImageMoveGivenUp
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.views.moving import GiveUpReason
from dermfolio.images import keys, repository
from dermfolio.images.models import ONE_LIVE_IMAGE_PER_CONTENT, Image

log = structlog.get_logger()

_SERVICE = Origin(service="images")


class Carry:
    """Handles `job.images.move`."""

    def __init__(self, db: Database, blobs: Blobs, data_keys: DataKeys) -> None:
        self._db = db
        self._blobs = blobs
        self._data_keys = data_keys

    async def __call__(self, job: CarryImage, delivery: Delivery) -> None:
        """Let the photograph be the other patient's, or stay where the other pool has it. Repeating it has one effect.

        Raises Tampered when an object is not what was stored, before or after.
        """
        async with self._db.write() as s:
            image = await repository.image(s, job.image)
            if image is None or not _is_on_its_way(image, job):
                await delivery.done(s)
                return
            revision = await repository.allot_revision(s, job.image)
        attempt = uuid4()
        await self._copy_all(image, job.target, attempt, revision)
        faults.point("carry.copied")
        try:
            await self._switch(job, attempt, revision, delivery)
        except IntegrityError as error:
            if violated(error) != ONE_LIVE_IMAGE_PER_CONTENT:
                raise
            async with self._db.write() as s:
                if await delivery.done(s):
                    await _stay(s, job, "duplicate")
        log.info("image.carried", image=str(job.image))

    async def buried(self, job: CarryImage) -> None:
        """It could not be carried: the photograph stays, and may be moved again."""
        async with self._db.write() as s:
            await _stay(s, job, "failed")

    async def _copy_all(self, image: Image, target: UUID, attempt: UUID, revision: int) -> None:
        original = await self._copy(
            (image.patient, keys.original(image.id, image.attempt), 0),
            (target, keys.original(image.id, attempt), 0),
        )
        if original != image.sha256:
            raise Tampered(f"the original of {image.id} does not have the SHA-256 of its row")
        of_revision: list[Callable[..., str]] = [
            partial(keys.rendition, size=rendition["size"]) for rendition in image.renditions
        ]
        for key in of_revision if image.rotated_bytes is None else [*of_revision, keys.rotated]:
            old = (image.patient, key(image=image.id, revision=image.revision), image.revision)
            await self._copy(old, (target, key(image=image.id, revision=revision), revision))

    async def _copy(self, old: tuple[UUID, str, int], new: tuple[UUID, str, int]) -> str:
        """Copy an object, given as (whose key, object key, revision); returns the SHA-256 of its plain bytes."""
        opening, sealing = [
            await self._data_keys.seal(patient, owner=keys.OWNER, key=key, revision=revision)
            for patient, key, revision in (old, new)
        ]
        plain = await self._blobs.read(opening)
        await self._blobs.write(sealing, plain)
        if await self._blobs.read(sealing) != plain:
            raise Tampered(f"{new[1]} does not hold what was copied")
        return hashlib.sha256(plain).hexdigest()

    async def _switch(self, job: CarryImage, attempt: UUID, revision: int, delivery: Delivery) -> None:
        async with self._db.write() as s:
            image = await repository.image(s, job.image, lock=True)
            if not await delivery.done(s) or image is None or not _is_on_its_way(image, job):
                return
            of_move = {
                "image": image.id,
                "source": job.source,
                "target": job.target,
                "moved_by": job.moved_by,
                "caused_by": job.caused_by,
            }
            away = ImageMovedAway(patient=image.patient, site=image.site, version=image.version + 1, **of_move)
            image.patient, image.site = job.target, job.site
            image.attempt, image.revision = attempt, revision
            image.tags = [tag for tag in image.tags if tag not in job.left_behind]
            image.moving_to, image.moved_from = None, job.source
            image.version += 2
            s.add(image)
            await s.flush()
            s.say(away, _SERVICE)
            s.say(
                ImageMovedIn(patient=image.patient, site=image.site, version=image.version, tags=image.tags, **of_move),
                _SERVICE,
            )
            faults.point("carry.switched")


async def _stay(s: WriteSession, job: CarryImage, reason: GiveUpReason) -> None:
    image = await repository.image(s, job.image, lock=True)
    if image is None or not _is_on_its_way(image, job):
        return
    image.moving_to = None
    changed = repository.changed(s, image)
    of_move = {"source": job.source, "target": job.target, "caused_by": job.caused_by}
    s.say(ImageMoveGivenUp(**changed, **of_move, reason=reason), _SERVICE)


def _is_on_its_way(image: Image, job: CarryImage) -> bool:
    return image.patient == job.source and image.moving_to == job.target
