"""Placing photographs in the order of their pool (POOL-10)."""

from collections.abc import Sequence
from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Requests
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.contracts.editing import ImagePlaced, PlaceImage
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.editing import EditedImage
from dermfolio.images import edit, edit_repository, places, repository
from dermfolio.images.models import Image


async def place_image(db: Database, requests: Requests, call: Call, request: PlaceImage) -> Answer[EditedImage]:
    """Put a photograph beside another one, in that one's microsecond; where it stands there already it stays. Those
    who do so at once do it one after another. Refused as `beside_itself`, `not_found`, `forbidden`, `patient_merged`
    or `image_moving`.
    """
    neighbour, side = request.new.next_to, request.new.side
    named = (request.image, neighbour)
    records = await edit.may_edit(db, requests, call, request.patient, named, Permission.IMAGE_WRITE)
    if neighbour == request.image:
        raise Refused("beside_itself")
    async with db.write() as s:
        # nobody else changes places from here on
        await edit_repository.hold_order(s, records)
        there = await edit_repository.place_of(s, neighbour, records)
        if there is None:
            raise Refused("not_found")
        following = await edit_repository.following(s, records, neighbour, there, side)
        if following is not None and following[0] == request.image:
            return edit.answered((await edit.held(s, [request.image], records))[request.image])
        place = places.beside(there, None if following is None else following[1], side)
        if place is None:
            image = await _spread(s, call, request, records, there)
        else:
            image = (await edit.held(s, [request.image], records))[request.image]
            _place(s, call, image, place)
    return edit.answered(image)


async def _spread(s: WriteSession, call: Call, request: PlaceImage, records: Sequence[UUID], there: str) -> Image:
    """Give every photograph in the neighbour's microsecond a new place there, in the order that is asked for."""
    neighbour = request.new.next_to
    order = [one for one in await edit_repository.together(s, records, there) if one != request.image]
    if neighbour not in order:  # it went to another patient this moment
        raise Refused("not_found")
    order.insert(order.index(neighbour) + (request.new.side == "newer"), request.image)
    images = await edit.held(s, order, records)
    for one, place in zip(order, places.spread(places.moment_of(there), len(order)), strict=True):
        if images[one].place != place:
            _place(s, call, images[one], place)
    return images[request.image]


def _place(s: WriteSession, call: Call, image: Image, place: str) -> None:
    edit.need_still(image)
    image.place = place
    s.say(ImagePlaced(**repository.changed(s, image)), call.origin())
