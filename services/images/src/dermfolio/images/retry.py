"""Retrying an image whose processing was given up."""

from dermfolio.common.auth import Call
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.contracts.images import ImageRetried, RetryIngest
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.images import ImageState
from dermfolio.images import repository
from dermfolio.images.ingestion import ingestion_of
from dermfolio.images.sight import Sight


async def retry_ingest(db: Database, sight: Sight, call: Call, request: RetryIngest) -> None:
    """Process a failed image again. Refused as `not_found`, `forbidden` or `image_not_failed`."""
    found = await sight.find(call, Permission.IMAGE_READ, repository.located, request.image, request.patient)
    await sight.need(call, request.patient, found.what.site, Permission.IMAGE_WRITE)
    async with db.write() as s:
        image = await repository.image(s, request.image, lock=True)
        if image is None or image.state is not ImageState.FAILED:
            raise Refused("image_not_failed")
        image.state = ImageState.PROCESSING
        retried = ImageRetried(**repository.changed(s, image))
        s.say(retried, call.origin())
        s.say(ingestion_of(image, retried), call.origin())
