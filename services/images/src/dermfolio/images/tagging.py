"""Tags of photographs (TAG-2). Which tags there are, and whose, patients knows."""

from collections.abc import Callable
from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.tags import ImageTagged, MayTag, TagImage, UntagImage
from dermfolio.contracts.views.images import ImageState
from dermfolio.contracts.views.tags import ASSIGNED_AT_MOST, ImageTags
from dermfolio.images import repository
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
        tags = sorted(change(set(image.tags)))
        if tags != image.tags and image.moving_to is not None:
            raise Refused("image_moving")
        if len(tags) > max(ASSIGNED_AT_MOST, len(image.tags)):
            raise Refused("too_many_tags")
        if tags != image.tags:
            image.tags = tags
            image.version += 1
            s.add(image)
            said = ImageTagged(image=image.id, patient=image.patient, site=image.site, tags=tags, version=image.version)
            s.say(said, call.origin())
        return ImageTags(tags=tags)
