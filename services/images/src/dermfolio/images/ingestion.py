"""The job that makes an image's renditions, sent with the fact that calls for it."""

from dermfolio.contracts.images import ImageRegistered, ImageRetried, IngestImage
from dermfolio.images.models import Image


def ingestion_of(image: Image, because: ImageRegistered | ImageRetried) -> IngestImage:
    """The job; what comes of it names the fact."""
    return IngestImage(
        image=image.id, patient=image.patient, site=image.site, attempt=image.attempt, caused_by=because.id
    )
