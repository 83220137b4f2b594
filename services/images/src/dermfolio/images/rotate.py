"""Wishing that a photograph stood another way (POOL-13): what is wished is kept, a job makes it so."""

from dermfolio.common import faults, idempotency
from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Requests
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.rotation import ImageRotationWanted, RotateImage, TurnImage
from dermfolio.contracts.views.editing import EditedImage
from dermfolio.contracts.views.images import ImageState
from dermfolio.images import edit, repository
from dermfolio.images.models import Image


async def rotate_image(db: Database, requests: Requests, call: Call, request: RotateImage) -> Answer[EditedImage]:
    """Want a photograph turned further than it is wanted by now; the same key has one effect. Refused as `not_found`,
    `forbidden`, `patient_merged`, `image_moving`, `image_not_ready` or `idempotency_key_reused`.
    """
    records = await edit.may_edit(db, requests, call, request.patient, [request.image], Permission.IMAGE_WRITE)
    user, key = call.user(), request.idempotency_key
    async with db.write() as s:
        earlier = await idempotency.earlier_answer(s, user, key, idempotency.digest(request))
        image = (await edit.held(s, [request.image], records))[request.image]
        if earlier is None:
            edit.need_still(image)
            if image.state is not ImageState.READY:
                raise Refused("image_not_ready")
            _want(s, call, image, request.new.quarter_turns)
            await idempotency.remember(s, user, key, str(image.id).encode())
        faults.point("rotate.written")
    faults.point("rotate.committed")
    return Answer(edit.shown(image).model_dump_json().encode(), 202)


def _want(s: WriteSession, call: Call, image: Image, quarter_turns: int) -> None:
    image.wanted_rotation = (image.wanted_rotation + 90 * quarter_turns) % 360
    wanted = ImageRotationWanted(**repository.changed(s, image))
    s.say(wanted, call.origin())
    if image.wanted_rotation != image.rotation:
        s.say(TurnImage(image=image.id, rotation=image.wanted_rotation, caused_by=wanted.id), call.origin())
