"""Effective dates of photographs (POOL-5), of one or of several at once (POOL-15)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Requests
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.contracts.editing import DateImage, DateImages, ImageDated
from dermfolio.contracts.messages import now
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.editing import EditedImage, EditedImages
from dermfolio.images import edit, edit_repository, places, repository
from dermfolio.images.models import Image

AHEAD = timedelta(days=1)
"""By how much somebody's clock and calendar may be ahead of ours."""


async def date_image(db: Database, requests: Requests, call: Call, request: DateImage) -> Answer[EditedImage]:
    """Give a photograph an effective date, and the place that comes with it; one that it has already stays, and with
    it the place. Refused as `not_found`, `forbidden`, `patient_merged`, `date_in_future`, `image_moving` or
    `stale_version`.
    """
    records = await edit.may_edit(db, requests, call, request.patient, [request.image], Permission.IMAGE_WRITE)
    _need_past([request.new.effective_at])
    async with db.write() as s:
        await edit_repository.hold_order(s, records)
        image = (await edit.held(s, [request.image], records))[request.image]
        if image.effective_at != request.new.effective_at:
            edit.need_still(image)
            if image.date_version != request.version:
                raise Refused("stale_version", version=image.date_version)
            _date(s, call, image, request.new.effective_at)
    return edit.answered(image, image.date_version)


async def date_images(db: Database, requests: Requests, call: Call, request: DateImages) -> Answer[EditedImages]:
    """Give several photographs their effective dates: all of them, or none. Refused as `date_image` is, but for
    `stale_version`.
    """
    wanted = {one.image: one.effective_at for one in request.changes.dates}
    records = await edit.may_edit(db, requests, call, request.patient, wanted, Permission.IMAGE_WRITE)
    _need_past(wanted.values())
    async with db.write() as s:
        await edit_repository.hold_order(s, records)
        images = await edit.held(s, wanted, records)
        for image in images.values():
            if image.effective_at != wanted[image.id]:
                edit.need_still(image)
                _date(s, call, image, wanted[image.id])
    return edit.all_answered(images[image] for image in wanted)


def _need_past(dates: Iterable[datetime]) -> None:
    latest = now() + AHEAD
    if any(date > latest for date in dates):
        raise Refused("date_in_future")


def _date(s: WriteSession, call: Call, image: Image, effective_at: datetime) -> None:
    image.effective_at = effective_at
    image.place = places.dated(effective_at, image.id)
    image.date_version += 1
    s.say(ImageDated(**repository.changed(s, image)), call.origin())
