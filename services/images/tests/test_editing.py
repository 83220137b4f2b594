"""People change photographs: captions, effective dates, places, and tags and dates of many at once."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from dermfolio.common.auth import Call
from dermfolio.common.errors import Refused
from dermfolio.contracts.editing import CaptionImage, DateImage, DateImages, ImageCaptioned, PlaceImage
from dermfolio.contracts.images import ListPool
from dermfolio.contracts.replay import Fact, ReplayImages
from dermfolio.contracts.views.editing import (
    DateChanges,
    EditedImage,
    EditedImages,
    ImageDate,
    NewCaption,
    NewEffectiveDate,
    NewPlace,
    Side,
)
from dermfolio.images.models import Image

from .conftest import Clinic
from .photographs import photograph

MARCH = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)


@dataclass
class Table:
    """Photographs of the clinic's patient, as they were uploaded, and people who change them."""

    clinic: Clinic
    images: list[UUID]

    async def caption(self, text: str, version: int, image: int = 0, call: Call | None = None) -> EditedImage:
        new = NewCaption(caption=text)
        asked = CaptionImage(patient=self.clinic.patient, image=self.images[image], new=new, version=version)
        return await self.clinic.ask.ask(asked, call or self.clinic.call)

    async def date(self, when: datetime, version: int, image: int = 0) -> EditedImage:
        new = NewEffectiveDate(effective_at=when)
        asked = DateImage(patient=self.clinic.patient, image=self.images[image], new=new, version=version)
        return await self.clinic.ask.ask(asked, self.clinic.call)

    async def date_many(self, dates: dict[UUID, datetime]) -> EditedImages:
        changes = DateChanges(dates=[ImageDate(image=image, effective_at=when) for image, when in dates.items()])
        return await self.clinic.ask.ask(DateImages(patient=self.clinic.patient, changes=changes), self.clinic.call)

    async def put(self, image: int, side: Side, neighbour: int) -> EditedImage:
        new = NewPlace(next_to=self.images[neighbour], side=side)
        asked = PlaceImage(patient=self.clinic.patient, image=self.images[image], new=new)
        return await self.clinic.ask.ask(asked, self.clinic.call)

    async def order(self) -> list[int]:
        """The photographs as the pool shows them, oldest first."""
        page = await self.clinic.ask.ask(ListPool(patient=self.clinic.patient, limit=200), self.clinic.call)
        assert len({image.place for image in page.images}) == len(page.images)
        return [self.images.index(image.id) for image in reversed(page.images)]

    async def move_away(self, image: int) -> None:
        """Let a photograph be on its way to another patient."""
        async with self.clinic.db.write() as s:
            row = await s.get_one(Image, self.images[image])
            row.moving_to = uuid4()
            s.add(row)

    async def said(self, subject: str) -> list[Fact]:
        async with self.clinic.ground.asking("audit") as audit:
            return (await audit.ask(ReplayImages(after=0, subjects=[subject]))).facts


async def refused(asking: Any) -> Refused:
    with pytest.raises(Refused) as found:
        await asking
    return found.value


@pytest.fixture
async def table(idle_clinic: Clinic) -> Table:
    images = [(await idle_clinic.upload(photograph(seed=n, width=32, height=32))).image.id for n in range(5)]
    return Table(idle_clinic, images)


@pytest.mark.req("POOL-11")
async def test_a_caption_is_saved_once_and_says_no_word_of_it_on_the_bus(table: Table) -> None:
    saved = await table.caption("  left forearm\nbefore \n", 0)
    assert (saved.caption, saved.caption_version, saved.version) == ("left forearm\nbefore", 1, 2)
    again = await table.caption("left forearm\nbefore", 0)
    assert again == saved
    assert (await table.caption("", 1)).caption == ""
    facts = await table.said(ImageCaptioned.subject)
    assert [fact.data["version"] for fact in facts] == [2, 3]
    assert "forearm" not in str(facts)


@pytest.mark.req("POOL-10")
async def test_photographs_stand_where_they_are_put(table: Table) -> None:
    assert await table.order() == [0, 1, 2, 3, 4]
    await table.put(4, "older", 0)
    assert await table.order() == [4, 0, 1, 2, 3]
    await table.put(0, "newer", 2)
    assert await table.order() == [4, 1, 2, 0, 3]
    before = await table.put(4, "newer", 3)
    assert await table.order() == [1, 2, 0, 3, 4]
    assert await table.put(4, "newer", 3) == before
