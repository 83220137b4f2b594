"""What every change that people make of photographs has in common: who may, holding them, and what is said of it."""

from collections.abc import Collection, Iterable, Sequence
from itertools import accumulate
from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Requests
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.sharing import MaySee
from dermfolio.contracts.views.editing import EditedImage, EditedImages
from dermfolio.images import edit_repository
from dermfolio.images.models import Image
from dermfolio.images.read import PAGE_BYTES
from dermfolio.images.sight import records_of


async def may_edit(
    db: Database, requests: Requests, call: Call, patient: UUID, images: Collection[UUID], needs: Permission
) -> Sequence[UUID]:
    """The records of the patient to whom all of these photographs belong. Refused as `not_found`, `forbidden` or
    `patient_merged`.
    """
    # that one is not there is no secret from who sees the patient; that it may not be changed comes after
    seen = await requests.ask(MaySee(patient=patient, needs=Permission.IMAGE_READ), call)
    records = records_of(seen, patient)
    async with db.read() as rows:
        there = await edit_repository.there(rows, images, records)
    if there != set(images):
        raise Refused("not_found")
    await requests.ask(MaySee(patient=patient, needs=needs), call)
    return records


async def held(s: WriteSession, images: Collection[UUID], records: Sequence[UUID]) -> dict[UUID, Image]:
    """These photographs of these records, by id, held until the transaction ends. Refused as `not_found` where one
    has gone to another patient meanwhile.
    """
    found = {image.id: image for image in await edit_repository.held(s, images, records)}
    if found.keys() != set(images):
        raise Refused("not_found")
    return found


def need_still(image: Image) -> None:
    """Refuse as `image_moving` to change what is on its way to another patient."""
    if image.moving_to is not None:
        raise Refused("image_moving")


def shown(image: Image) -> EditedImage:
    """What is shown of a photograph that was changed."""
    return EditedImage(
        id=image.id,
        patient=image.patient,
        version=image.version,
        caption=image.caption,
        caption_version=image.caption_version,
        effective_at=image.effective_at,
        date_version=image.date_version,
        place=image.place,
        tags=image.tags,
        rotation=image.rotation,
        rotating=image.rotation != image.wanted_rotation,
    )


def answered(image: Image, version: int | None = None) -> Answer[EditedImage]:
    """The answer to a change of one photograph, of whose part this is the version."""
    return Answer(shown(image).model_dump_json().encode(), 200, version)


def all_answered(images: Iterable[Image]) -> Answer[EditedImages]:
    """The answer to a change of several: as many of them as one message of the bus takes."""
    bodies = [shown(image).model_dump_json().encode() for image in images]
    fitting = sum(size <= PAGE_BYTES for size in accumulate(len(body) + 1 for body in bodies))
    return Answer(b'{"images":[' + b",".join(bodies[:fitting]) + b"]}")
