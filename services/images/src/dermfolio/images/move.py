"""Sending a photograph to another patient (PAT-7). patients decides whether it may go, a job carries it."""

from collections.abc import Sequence
from uuid import UUID

from dermfolio.common import faults
from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Requests
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.contracts.moving import AdmitMove, CarryImage, ImageMoveBegun, MoveAdmission, MoveImage
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.sharing import MaySee
from dermfolio.contracts.views.images import ImageState
from dermfolio.contracts.views.moving import MoveView
from dermfolio.images import repository, workspace_repository
from dermfolio.images.models import Image
from dermfolio.images.sight import records_of


async def move_image(db: Database, requests: Requests, call: Call, request: MoveImage) -> Answer[MoveView]:
    """Begin to move a photograph; one that is on its way to that patient already, or there, goes on as before.

    Refused as `not_found`, `forbidden`, `stale_version`, `image_moving`, `image_not_ready`, `image_in_workspace`,
    `image_in_pool`, or with what the other patient's admission refuses.
    """
    # that it is not there is no secret from who sees the patient; that it may not be moved comes after
    seen = await requests.ask(MaySee(patient=request.patient, needs=Permission.IMAGE_READ), call)
    records = records_of(seen, request.patient)
    async with db.write() as s:
        image = await repository.image(s, request.image)
    if image is None or not (image.patient in records or _has_arrived(image, request, records)):
        raise Refused("not_found")
    await requests.ask(MaySee(patient=request.patient, needs=Permission.IMAGE_MOVE), call)
    if image.patient not in records:
        await requests.ask(MaySee(patient=image.patient, needs=Permission.IMAGE_MOVE), call)
        return _answer(request, image)
    async with db.write() as s:
        image = await repository.image(s, request.image)
        if image is None or image.patient not in records:
            raise Refused("not_found")
        if image.moving_to == request.move.patient:
            return _answer(request, image)
        await _need_movable(s, image, request.version)
        source, tags = image.patient, image.tags
    asked = AdmitMove(image=request.image, source=source, move=request.move, tags=tags)
    admission = await requests.ask(asked, call)
    faults.point("move.admitted")
    async with db.write() as s:
        image = await repository.image(s, request.image, lock=True)
        if image is None or image.patient != source:
            raise Refused("not_found")
        if image.moving_to != request.move.patient:
            await _need_movable(s, image, request.version)
            await _begin(s, call, image, request, admission)
        answer = _answer(request, image)
        faults.point("move.written")
    faults.point("move.committed")
    return answer


def _has_arrived(image: Image, request: MoveImage, records: Sequence[UUID]) -> bool:
    return image.patient == request.move.patient and image.moved_from in records


async def _need_movable(s: WriteSession, image: Image, version: int) -> None:
    if image.moving_to is not None:
        raise Refused("image_moving")
    if image.version != version:
        raise Refused("stale_version", version=image.version)
    if image.state is not ImageState.READY or image.rotation != image.wanted_rotation:
        raise Refused("image_not_ready")
    holding = (await workspace_repository.holding(s, [image.id])).get(image.id)
    if holding is not None:
        raise Refused("image_in_workspace", entries=[str(entry) for entry in holding])


async def _begin(s: WriteSession, call: Call, image: Image, request: MoveImage, admission: MoveAdmission) -> None:
    target = request.move.patient
    equal = await repository.held_with_content(s, [target, *admission.aliases], image.sha256)
    if equal is not None:
        raise Refused("image_in_pool", image=str(equal))
    image.moving_to = target
    begun = ImageMoveBegun(**repository.changed(s, image), source=image.patient, target=target)
    s.say(begun, call.origin())
    s.say(
        CarryImage(
            image=image.id,
            source=image.patient,
            target=target,
            site=admission.site,
            left_behind=admission.left_behind,
            moved_by=call.user(),
            caused_by=begun.id,
        ),
        call.origin(),
    )


def _answer(request: MoveImage, image: Image) -> Answer[MoveView]:
    moved = image.moving_to is None
    view = MoveView(image=image.id, patient=request.move.patient, state="moved" if moved else "moving")
    return Answer(view.model_dump_json().encode(), 200 if moved else 202)
