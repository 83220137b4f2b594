"""Ingest: decode an original within limits, write a new revision whole, then switch the row to it. What was turned
already, and is made again, stands as it stood.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime

import structlog

from dermfolio.common import faults
from dermfolio.common.blobs import Blobs
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.errors import Unavailable
from dermfolio.common.inbox import Delivery
from dermfolio.contracts.images import ImageFailed, ImageIngested, ImageRejected, IngestImage
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.views.images import CaptureFacts, ImageState, RejectionReason
from dermfolio.images import captured, edit_repository, keys, places, repository
from dermfolio.images.imaging import Developed, Rejected
from dermfolio.images.models import Image
from dermfolio.images.revisions import Revisions, switch
from dermfolio.images.turned_original import as_jpeg

log = structlog.get_logger()

Develop = Callable[[bytes, int], Awaitable[Developed | Rejected]]
_SERVICE = Origin(service="images")


class NoLongerReadable(Exception):  # noqa: N818 - what was found
    """What was a photograph once is rejected now: processing it is given up, its original is kept."""


class Ingest:
    """Handles `job.images.ingest`."""

    def __init__(self, db: Database, requests: Requests, blobs: Blobs, revisions: Revisions, develop: Develop) -> None:
        self._db = db
        self._requests = requests
        self._blobs = blobs
        self._revisions = revisions
        self._develop = develop

    async def __call__(self, job: IngestImage, delivery: Delivery) -> None:
        """Make the image ready, or reject it with a reason. Repeating it has one effect."""
        began = time.perf_counter()
        async with self._db.write() as s:
            image = await repository.image(s, job.image)
            if image is None or image.state is not ImageState.PROCESSING or image.attempt != job.attempt:
                await delivery.done(s)
                return
            revision = await repository.allot_revision(s, job.image)
        original = await self._revisions.original(image)
        outcome = await self._develop(original, image.rotation)
        if isinstance(outcome, Rejected) and image.revision:
            raise NoLongerReadable(outcome.reason.value)
        if isinstance(outcome, Rejected):
            await self._reject(image, job, RejectionReason(outcome.reason.value), delivery)
        else:
            effective_at = await self._effective_date(image, outcome)
            rotated = as_jpeg(original, outcome, image.rotation)
            await self._revisions.store(image, revision, outcome.renditions, rotated)
            faults.point("ingest.stored")
            await self._switch(image, job, revision, outcome, rotated, effective_at, delivery)
        log.info("image.ingested", image=str(image.id), ms=round((time.perf_counter() - began) * 1000))

    async def buried(self, job: IngestImage) -> None:
        """Processing was given up: the image is `failed`, its original stays, and its user may retry."""
        async with self._db.write() as s:
            image = await repository.image(s, job.image, lock=True)
            if image is None or image.state is not ImageState.PROCESSING or image.attempt != job.attempt:
                return
            image.state = ImageState.FAILED
            s.say(ImageFailed(**repository.changed(s, image), caused_by=job.caused_by), _SERVICE)

    async def _effective_date(self, image: Image, developed: Developed) -> datetime | None:
        """What the file says, where that counts; what was a photograph before keeps its date when it is made again."""
        if image.revision:
            return None
        return await captured.effective_date(self._requests, image.site, developed.capture.captured_at)

    async def _switch(
        self,
        image: Image,
        job: IngestImage,
        revision: int,
        developed: Developed,
        rotated: bytes | None,
        effective_at: datetime | None,
        delivery: Delivery,
    ) -> None:
        async with self._db.write() as s:
            if effective_at is not None:
                await edit_repository.hold_order(s, [image.patient])
            current = await repository.image(s, image.id, lock=True)
            if not await delivery.done(s) or current is None or current.state is not ImageState.PROCESSING:
                return
            current.state = ImageState.READY
            current.media_type = developed.media_type
            current.capture = CaptureFacts.model_validate(asdict(developed.capture)).model_dump()
            switch(current, revision, developed, rotated)
            if effective_at is not None and current.date_version == 0:  # else somebody has chosen one meanwhile
                current.effective_at, current.place = effective_at, places.dated(effective_at, current.id)
            changed = repository.changed(s, current)
            s.say(ImageIngested(**changed, revision=revision, caused_by=job.caused_by), _SERVICE)

    async def _reject(self, image: Image, job: IngestImage, reason: RejectionReason, delivery: Delivery) -> None:
        async with self._db.write() as s:
            current = await repository.image(s, image.id, lock=True)
            if not await delivery.done(s) or current is None or current.state is not ImageState.PROCESSING:
                return
            current.state = ImageState.REJECTED
            current.reason = reason
            changed = repository.changed(s, current)
            s.say(ImageRejected(**changed, reason=reason, caused_by=job.caused_by), _SERVICE)
        try:
            await self._blobs.delete([keys.original(image.id, image.attempt)])
        except Unavailable as error:
            log.info("image.left_to_sweep", image=str(image.id), cause=str(error))
