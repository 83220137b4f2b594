"""Captions of photographs (POOL-11)."""

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Requests
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.contracts.editing import CaptionImage, ImageCaptioned
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.editing import EditedImage
from dermfolio.images import edit, repository


async def caption_image(db: Database, requests: Requests, call: Call, request: CaptionImage) -> Answer[EditedImage]:
    """Give a photograph a caption; one that it has already stays, whoever gave it. Refused as `not_found`,
    `forbidden`, `patient_merged`, `image_moving` or `stale_version`.
    """
    records = await edit.may_edit(db, requests, call, request.patient, [request.image], Permission.IMAGE_WRITE)
    async with db.write() as s:
        image = (await edit.held(s, [request.image], records))[request.image]
        if image.caption != request.new.caption:
            edit.need_still(image)
            if image.caption_version != request.version:
                raise Refused("stale_version", version=image.caption_version)
            image.caption = request.new.caption
            image.caption_version += 1
            s.say(ImageCaptioned(**repository.changed(s, image)), call.origin())
    return edit.answered(image, image.caption_version)
