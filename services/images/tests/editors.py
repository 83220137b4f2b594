"""People who change photographs of a pool, through the bus."""

from collections.abc import Awaitable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from dermfolio.common.auth import Call
from dermfolio.common.errors import Refused
from dermfolio.contracts.editing import CaptionImage, DateImage, DateImages, PlaceImage, TagImages
from dermfolio.contracts.images import ListPool
from dermfolio.contracts.messages import Event, now
from dermfolio.contracts.replay import Fact
from dermfolio.contracts.views.editing import (
    DateChanges,
    EditedImage,
    EditedImages,
    ImageDate,
    NewCaption,
    NewEffectiveDate,
    NewPlace,
    Side,
    TagsOfMany,
)
from dermfolio.contracts.views.images import ImageState, ImageView
from dermfolio.images import places
from dermfolio.images.models import Image

from .conftest import Clinic


@dataclass
class Editors:
    """A pool, and people who change its photographs, which are named by their numbers."""

    clinic: Clinic
    patient: UUID
    images: list[UUID]

    async def caption(self, image: int, text: str, version: int, *, call: Call | None = None) -> EditedImage:
        new = NewCaption(caption=text)
        asked = CaptionImage(patient=self.patient, image=self.images[image], new=new, version=version)
        return await self.clinic.ask.ask(asked, call or self.clinic.call)

    async def date(self, image: int, when: datetime, version: int, *, call: Call | None = None) -> EditedImage:
        new = NewEffectiveDate(effective_at=when)
        asked = DateImage(patient=self.patient, image=self.images[image], new=new, version=version)
        return await self.clinic.ask.ask(asked, call or self.clinic.call)

    async def date_many(self, dates: Mapping[int, datetime], *, call: Call | None = None) -> EditedImages:
        changes = [ImageDate(image=self.images[image], effective_at=when) for image, when in dates.items()]
        asked = DateImages(patient=self.patient, changes=DateChanges(dates=changes))
        return await self.clinic.ask.ask(asked, call or self.clinic.call)

    async def put(self, image: int, side: Side, neighbour: int, *, call: Call | None = None) -> EditedImage:
        new = NewPlace(next_to=self.images[neighbour], side=side)
        asked = PlaceImage(patient=self.patient, image=self.images[image], new=new)
        return await self.clinic.ask.ask(asked, call or self.clinic.call)

    async def tag_many(
        self,
        images: Collection[int],
        add: Collection[UUID] = (),
        remove: Collection[UUID] = (),
        *,
        call: Call | None = None,
    ) -> EditedImages:
        changes = TagsOfMany(images=[self.images[image] for image in images], add=[*add], remove=[*remove])
        return await self.clinic.ask.ask(TagImages(patient=self.patient, changes=changes), call or self.clinic.call)

    async def pool(self) -> list[ImageView]:
        """The photographs as the pool shows them, oldest first."""
        page = await self.clinic.ask.ask(ListPool(patient=self.patient, limit=200), self.clinic.call)
        return page.images[::-1]

    async def order(self) -> list[int]:
        """Their numbers; no two stand at one place."""
        pool = await self.pool()
        assert len({image.place for image in pool}) == len(pool)
        return [self.images.index(image.id) for image in pool]

    async def add(self, when: datetime, **more: Any) -> int:
        """Another photograph, as an upload of that moment leaves it."""
        image = uuid4()
        row = {"patient": self.patient, "effective_at": when, "place": places.dated(when, image)} | more
        async with self.clinic.db.write() as s:
            s.add(
                Image(
                    id=image,
                    site=self.clinic.site,
                    file_name="arm.jpg",
                    bytes=1,
                    sha256=uuid4().hex * 2,
                    attempt=uuid4(),
                    renditions=[],
                    uploaded_at=now(),
                    uploaded_by=uuid4(),
                    **row,
                )
            )
        self.images.append(image)
        return len(self.images) - 1

    async def reject(self, image: int) -> None:
        """Let it turn out that the file is none."""
        await self._set(image, state=ImageState.REJECTED, reason="corrupt")

    async def send_away(self, image: int) -> None:
        """Let a photograph be on its way to another patient."""
        await self._set(image, moving_to=uuid4())

    async def _set(self, image: int, **values: Any) -> None:
        async with self.clinic.db.write() as s:
            row = await s.get_one(Image, self.images[image])
            for name, value in values.items():
                setattr(row, name, value)
            s.add(row)

    async def said(self, *kinds: type[Event]) -> list[Fact]:
        """What was said of these photographs."""
        return [fact for fact in await self.clinic.said(*kinds) if UUID(fact.data["image"]) in self.images]


async def refused(asking: Awaitable[Any]) -> Refused:
    """The refusal of what is asked."""
    with pytest.raises(Refused) as found:
        await asking
    return found.value


async def outcome(asking: Awaitable[Any]) -> str:
    """What became of it: done, or the code of the problem."""
    try:
        await asking
    except Refused as refusal:
        return refusal.code
    return "done"
