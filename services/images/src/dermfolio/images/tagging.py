"""Tags of photographs (TAG-2), of one or of several at once (POOL-15). Which tags there are, and whose, patients
knows.
"""

import asyncio
from collections.abc import Callable
from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Requests
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.contracts.editing import TagImages
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.tags import ImageTagged, MayTag, TagImage, UntagImage
from dermfolio.contracts.views.editing import EditedImages
from dermfolio.contracts.views.images import ImageState
from dermfolio.contracts.views.tags import ASSIGNED_AT_MOST, ImageTags
from dermfolio.images import edit, edit_repository, repository
from dermfolio.images.models import Image
from dermfolio.images.sight import Sight


async def tag_image(db: Database, sight: Sight, requests: Requests, call: Call, request: TagImage) -> ImageTags:
    """Give a photograph a tag; one that it has already stays, also a retired one. Refused as `not_found`, `forbidden`,
    `tag_retired`, `tag_of_another_site`, `too_many_tags` or `image_moving`.
    """
    found = await _found(sight, call, request)
    if request.tag in found.tags:
        return ImageTags(tags=found.tags)
    await requests.ask(MayTag(patient=request.patient, tag=request.tag), call)
    return await _change(db, call, request, found.patient, lambda tags: {*tags, request.tag})


async def untag_image(db: Database, sight: Sight, call: Call, request: UntagImage) -> ImageTags:
    """Take a tag away from a photograph; one that it has not stays away. Refused as `not_found`, `forbidden` or
    `image_moving`.
    """
    found = await _found(sight, call, request)
    return await _change(db, call, request, found.patient, lambda tags: tags - {request.tag})


async def tag_images(db: Database, requests: Requests, call: Call, request: TagImages) -> Answer[EditedImages]:
    """Give several photographs tags and take tags away from them: all of that is done, or nothing. What is so already
    stays, also a retired tag. Refused as `not_found`, `forbidden`, `patient_merged`, `tag_retired`,
    `tag_of_another_site`, `too_many_tags` or `image_moving`.
    """
    wanted, changes = list(dict.fromkeys(request.changes.images)), request.changes
    records = await edit.may_edit(db, requests, call, request.patient, wanted, Permission.TAG_ASSIGN)
    async with db.read() as rows:
        given = {tag for has in await edit_repository.tags(rows, wanted, records) for tag in set(changes.add) - has}
    await asyncio.gather(*(requests.ask(MayTag(patient=request.patient, tag=tag), call) for tag in given))
    async with db.write() as s:
        images = await edit.held(s, wanted, records)
        for image in images.values():
            _set(s, call, image, {*image.tags, *changes.add}.difference(changes.remove))
    return edit.all_answered(images[image] for image in wanted)


async def _found(sight: Sight, call: Call, request: TagImage | UntagImage) -> repository.Located:
    found = await sight.find(call, Permission.IMAGE_READ, repository.located, request.image, request.patient)
    await sight.need(call, request.patient, found.what.site, Permission.TAG_ASSIGN)
    return found.what


async def _change(
    db: Database, call: Call, request: TagImage | UntagImage, patient: UUID, change: Callable[[set[UUID]], set[UUID]]
) -> ImageTags:
    async with db.write() as s:
        image = await repository.image(s, request.image, lock=True)
        if image is None or image.patient != patient or image.state is ImageState.REJECTED:
            raise Refused("not_found")
        _set(s, call, image, change(set(image.tags)))
        return ImageTags(tags=image.tags)


def _set(s: WriteSession, call: Call, image: Image, wanted: set[UUID]) -> None:
    tags = sorted(wanted)
    if tags == image.tags:
        return
    edit.need_still(image)
    if len(tags) > max(ASSIGNED_AT_MOST, len(image.tags)):
        raise Refused("too_many_tags")
    image.tags = tags
    s.say(ImageTagged(**repository.changed(s, image), tags=tags), call.origin())
