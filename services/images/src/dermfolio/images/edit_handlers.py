"""One thin function per change that people make of photographs."""

from collections.abc import Mapping
from typing import Any

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.bus.answers import Handler
from dermfolio.common.host import Parts
from dermfolio.contracts.editing import CaptionImage, DateImage, DateImages, PlaceImage, TagImages
from dermfolio.contracts.messages import Request
from dermfolio.contracts.views.editing import EditedImage, EditedImages
from dermfolio.images import caption, date, place, tagging


class EditHandlers:
    """What images answers to who changes photographs."""

    def __init__(self, parts: Parts) -> None:
        self._db = parts.db
        self._requests = parts.requests

    def answers(self) -> Mapping[type[Request[Any]], Handler]:
        """Who answers what."""
        return {
            CaptionImage: self.caption,
            DateImage: self.date,
            PlaceImage: self.place,
            DateImages: self.date_many,
            TagImages: self.tag_many,
        }

    async def caption(self, request: CaptionImage, call: Call) -> Answer[EditedImage]:
        """Give an image a caption."""
        return await caption.caption_image(self._db, self._requests, call, request)

    async def date(self, request: DateImage, call: Call) -> Answer[EditedImage]:
        """Give an image an effective date."""
        return await date.date_image(self._db, self._requests, call, request)

    async def place(self, request: PlaceImage, call: Call) -> Answer[EditedImage]:
        """Put an image beside another."""
        return await place.place_image(self._db, self._requests, call, request)

    async def date_many(self, request: DateImages, call: Call) -> Answer[EditedImages]:
        """Give several images their effective dates."""
        return await date.date_images(self._db, self._requests, call, request)

    async def tag_many(self, request: TagImages, call: Call) -> Answer[EditedImages]:
        """Give several images tags, and take tags away."""
        return await tagging.tag_images(self._db, self._requests, call, request)
