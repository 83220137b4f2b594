"""Turning a photograph: a new revision is made of the original, whose bytes stay, and written whole; then the row is
switched to it, if that is still how it is wanted to stand.
"""

import time
from collections.abc import Awaitable, Callable

import structlog

from dermfolio.common import faults
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.inbox import Delivery
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.rotation import ImageRotated, ImageRotationGivenUp, TurnImage
from dermfolio.contracts.views.images import ImageState
from dermfolio.images import repository
from dermfolio.images.imaging import Developed, Rejected
from dermfolio.images.models import Image
from dermfolio.images.revisions import Revisions, switch
from dermfolio.images.turned_original import as_jpeg

log = structlog.get_logger()

Develop = Callable[[bytes, int], Awaitable[Developed | Rejected]]
_SERVICE = Origin(service="images")


class Turn:
    """Handles `job.images.rotate`."""

    def __init__(self, db: Database, revisions: Revisions, develop: Develop) -> None:
        self._db = db
        self._revisions = revisions
        self._develop = develop

    async def __call__(self, job: TurnImage, delivery: Delivery) -> None:
        """Let the photograph stand as the job says; when that is wanted no more, or is so already, nothing is decoded.
        Repeating it has one effect. Raises Tampered when the original is not what was stored.
        """
        began = time.perf_counter()
        async with self._db.write() as s:
            image = await repository.image(s, job.image)
            if image is None or not _is_wanted(image, job):
                await delivery.done(s)
                return
            revision = await repository.allot_revision(s, job.image)
        original = await self._revisions.original(image)
        outcome = await self._develop(original, job.rotation)
        if isinstance(outcome, Rejected):
            log.warning("image.not_rotated", image=str(image.id), reason=outcome.reason.value)
            async with self._db.write() as s:
                if await delivery.done(s):
                    await _give_up(s, job)
            return
        rotated = as_jpeg(original, outcome, job.rotation)
        await self._revisions.store(image, revision, outcome.renditions, rotated)
        faults.point("turn.stored")
        await self._switch(image, job, revision, outcome, rotated, delivery)
        log.info("image.rotated", image=str(image.id), ms=round((time.perf_counter() - began) * 1000))

    async def buried(self, job: TurnImage) -> None:
        """It could not be turned: the photograph stands as before, and may be turned again."""
        async with self._db.write() as s:
            await _give_up(s, job)

    async def _switch(
        self,
        image: Image,
        job: TurnImage,
        revision: int,
        developed: Developed,
        rotated: bytes | None,
        delivery: Delivery,
    ) -> None:
        async with self._db.write() as s:
            current = await repository.image(s, image.id, lock=True)
            if not await delivery.done(s) or current is None or not _is_wanted(current, job):
                return
            if current.attempt != image.attempt:
                return
            switch(current, revision, developed, rotated)
            current.rotation = job.rotation
            changed = repository.changed(s, current)
            s.say(ImageRotated(**changed, revision=revision, caused_by=job.caused_by), _SERVICE)
            await s.flush()
            faults.point("turn.switched")


async def _give_up(s: WriteSession, job: TurnImage) -> None:
    image = await repository.image(s, job.image, lock=True)
    if image is None or not _is_wanted(image, job):
        return
    image.wanted_rotation = image.rotation
    s.say(ImageRotationGivenUp(**repository.changed(s, image), caused_by=job.caused_by), _SERVICE)


def _is_wanted(image: Image, job: TurnImage) -> bool:
    """Whether it does not stand so, and is still to. Of several clicks the last one's job is the one that is done."""
    return (
        image.state is ImageState.READY
        and image.wanted_rotation == job.rotation
        and image.rotation != image.wanted_rotation
    )
