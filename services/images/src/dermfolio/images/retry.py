"""Retrying an image whose processing was given up."""

from dermfolio.common.auth import Call
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.contracts.images import ImageRetried, IngestImage, RetryIngest
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.images import ImageState
from dermfolio.images import repository


async def retry_ingest(db: Database, call: Call, request: RetryIngest) -> None:
    """Process a failed image again. Refused as `not_found`, `forbidden` or `image_not_failed`."""
    async with db.write() as s:
        image = await repository.image(s, request.image, lock=True)
        readable = call.actor.sites(Permission.IMAGE_READ)
        if image is None or image.patient != request.patient or image.site not in readable:
            raise Refused("not_found")
        call.need(Permission.IMAGE_WRITE, image.site)
        if image.state is not ImageState.FAILED:
            raise Refused("image_not_failed")
        image.state = ImageState.PROCESSING
        image.version += 1
        s.add(image)
        s.say(
            ImageRetried(image=image.id, patient=image.patient, site=image.site, version=image.version), call.origin()
        )
        s.say(IngestImage(image=image.id, patient=image.patient, site=image.site, attempt=image.attempt), call.origin())
