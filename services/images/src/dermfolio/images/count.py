"""What patients asks when it counts anew (PAT-3): how many images count, and which there are."""

from dermfolio.common.auth import Call
from dermfolio.common.db import Database
from dermfolio.contracts.recount import CountImages, ImageCounts, KnownImage, KnownImages, ListKnownImages
from dermfolio.images import repository

COUNTS = "patients"
"""The service that may ask."""


async def count_images(db: Database, call: Call, request: CountImages) -> ImageCounts:
    """How many images of each patient count: all but those that were rejected."""
    call.need_service(COUNTS)
    async with db.read() as rows:
        return ImageCounts(counts=await repository.counts(rows, request.patients))


async def known_images(db: Database, call: Call, request: ListKnownImages) -> KnownImages:
    """The images of a patient, in the order of their ids."""
    call.need_service(COUNTS)
    async with db.read() as rows:
        found = await repository.known(rows, request.patient, request.after, request.limit)
    return KnownImages(images=[KnownImage(**row) for row in found])
