"""What images answers to who changes photographs, in miniature."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Handler
from dermfolio.common.errors import Refused
from dermfolio.contracts.editing import CaptionImage, DateImage, DateImages, PlaceImage, TagImages
from dermfolio.contracts.messages import Request, now
from dermfolio.contracts.views.editing import EditedImage, EditedImages


class Edits:
    """Photographs as far as people change them; `seen` refuses what its caller does not see."""

    def __init__(self, seen: Callable[[UUID, UUID, Call], Any]) -> None:
        self._seen = seen
        self.edited: dict[UUID, EditedImage] = {}

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        return {
            CaptionImage: self.caption,
            DateImage: self.date,
            PlaceImage: self.place,
            DateImages: self.date_many,
            TagImages: self.tag_many,
        }

    async def caption(self, request: CaptionImage, call: Call) -> Answer[EditedImage]:
        now_ = self._of(request.patient, request.image, call)
        if now_.caption_version != request.version:
            raise Refused("stale_version", version=now_.caption_version)
        saved = self._change(now_, caption=request.new.caption, caption_version=request.version + 1)
        return Answer(saved.model_dump_json().encode(), 200, saved.caption_version)

    async def date(self, request: DateImage, call: Call) -> Answer[EditedImage]:
        saved = self._dated(self._of(request.patient, request.image, call), request.new.effective_at)
        return Answer(saved.model_dump_json().encode(), 200, saved.date_version)

    async def place(self, request: PlaceImage, call: Call) -> EditedImage:
        beside = self._of(request.patient, request.new.next_to, call)
        digit = "8" if request.new.side == "newer" else "08"
        return self._change(self._of(request.patient, request.image, call), place=beside.place + digit)

    async def date_many(self, request: DateImages, call: Call) -> EditedImages:
        wanted = [(self._of(request.patient, one.image, call), one.effective_at) for one in request.changes.dates]
        return EditedImages(images=[self._dated(one, date) for one, date in wanted])

    async def tag_many(self, request: TagImages, call: Call) -> EditedImages:
        images = [self._of(request.patient, image, call) for image in request.changes.images]
        return EditedImages(images=[self._change(one, tags=request.changes.add) for one in images])

    def _of(self, patient: UUID, image: UUID, call: Call) -> EditedImage:
        self._seen(patient, image, call)
        fresh = EditedImage(
            id=image,
            patient=patient,
            version=2,
            caption="",
            caption_version=0,
            effective_at=now(),
            date_version=0,
            place="1",
            tags=[],
            rotation=0,
            rotating=False,
        )
        return self.edited.setdefault(image, fresh)

    def _dated(self, image: EditedImage, date: Any) -> EditedImage:
        return self._change(image, effective_at=date, date_version=image.date_version + 1)

    def _change(self, image: EditedImage, **what: Any) -> EditedImage:
        self.edited[image.id] = image.model_copy(update={"version": image.version + 1, **what})
        return self.edited[image.id]
