"""Photographs are given tags; their patient inherits them."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from dermfolio.common.auth import Call
from dermfolio.common.errors import Refused
from dermfolio.common.testing import at, eventually, user
from dermfolio.contracts.images import GetImage, ListPool
from dermfolio.contracts.patients import GetPatient
from dermfolio.contracts.roles import Role
from dermfolio.contracts.tags import (
    ChangeTag,
    CreateTag,
    CreateTagCategory,
    GetPatientTags,
    ImageTagged,
    TagImage,
    UntagImage,
    UntagPatient,
)
from dermfolio.contracts.views.tags import InheritedTag, NewTag, NewTagCategory, TagChanges, TagColour
from dermfolio.images import tagging

from .conftest import Clinic
from .photographs import photograph

pytestmark = pytest.mark.req("TAG-2")


@dataclass
class Tagged:
    """Three photographs, and tags of the installation."""

    clinic: Clinic
    images: list[UUID]
    tags: list[UUID]

    async def give(self, image: int, tag: int, call: Call | None = None) -> list[UUID]:
        return await self._do(TagImage, image, tag, call)

    async def take(self, image: int, tag: int, call: Call | None = None) -> list[UUID]:
        return await self._do(UntagImage, image, tag, call)

    async def _do(self, kind: type[TagImage | UntagImage], image: int, tag: int, call: Call | None) -> list[UUID]:
        asked = kind(patient=self.clinic.patient, image=self.images[image], tag=self.tags[tag])
        return (await self.clinic.ask.ask(asked, call or self.clinic.call)).tags

    async def refused(self, kind: type[TagImage | UntagImage], call: Call, **other: UUID) -> str:
        asked = kind(**{"patient": self.clinic.patient, "image": self.images[0], "tag": self.tags[0]} | other)
        with pytest.raises(Refused) as refused:
            await self.clinic.ask.ask(asked, call)
        return refused.value.code

    async def inherited(self, *expected: InheritedTag) -> bool:
        async def so() -> bool:
            seen = await self.clinic.ask.ask(GetPatientTags(patient=self.clinic.patient), self.clinic.call)
            return seen.inherited == sorted(expected, key=lambda one: one.tag)

        return await eventually(so)

    async def pool(self, *tags: int, images: list[UUID] | None = None, limit: int = 100) -> tuple[set[UUID], int]:
        """(the photographs of all pages, the total) of a pool filtered by some of the tags."""
        found: set[UUID] = set()
        cursor = None
        while True:
            asked = ListPool(
                patient=self.clinic.patient,
                tags=[self.tags[tag] for tag in tags] or None,
                images=images,
                cursor=cursor,
                limit=limit,
            )
            page = await self.clinic.ask.ask(asked, self.clinic.call)
            found |= {image.id for image in page.images}
            if (cursor := page.next) is None:
                return found, page.total


@pytest.fixture
async def tagged(idle_clinic: Clinic) -> Tagged:
    admin = idle_clinic.ground.call(user(installation=Role.ADMIN))
    new = NewTagCategory(name="Diagnosis", colour=TagColour.TEAL)
    category = (await idle_clinic.ask.ask(CreateTagCategory(new=new, idempotency_key="category"), admin)).id
    tags = [
        (await idle_clinic.ask.ask(CreateTag(category=category, new=NewTag(name=name), idempotency_key=name), admin)).id
        for name in ("Naevus", "Lentigo", "Keratosis")
    ]
    images = [(await idle_clinic.upload(photograph(seed=n))).image.id for n in range(3)]
    return Tagged(idle_clinic, images, tags)


async def test_the_patient_inherits_what_photographs_have_until_the_last_of_them(tagged: Tagged) -> None:
    clinic, [naevus, lentigo, _] = tagged.clinic, tagged.tags
    assert await tagged.give(0, 0) == [naevus]
    assert await tagged.give(0, 0) == [naevus]
    assert await tagged.give(1, 0) == [naevus]
    assert await tagged.give(1, 1) == sorted((naevus, lentigo))
    assert await tagged.inherited(InheritedTag(tag=naevus, sources=2), InheritedTag(tag=lentigo, sources=1))
    view = await clinic.ask.ask(GetPatient(patient=clinic.patient), clinic.call)
    assert view.tags == sorted((naevus, lentigo))
    with pytest.raises(Refused) as refused:
        await clinic.ask.ask(UntagPatient(patient=clinic.patient, tag=naevus), clinic.call)
    assert refused.value.code == "tag_inherited"
    await tagged.take(0, 0)
    assert await tagged.inherited(InheritedTag(tag=naevus, sources=1), InheritedTag(tag=lentigo, sources=1))
    for _ in range(2):
        assert await tagged.take(1, 0) == [lentigo]
    assert await tagged.inherited(InheritedTag(tag=lentigo, sources=1))
    assert [(fact.data["version"], len(fact.data["tags"])) for fact in await clinic.said(ImageTagged)] == [
        (2, 1),
        (2, 1),
        (3, 2),
        (3, 0),
        (4, 1),
    ]


@pytest.mark.req("TAG-3")
async def test_the_pool_is_filtered_by_any_of_some_tags(tagged: Tagged) -> None:
    await tagged.give(0, 0)
    await tagged.give(1, 1)
    one, two, three = tagged.images
    assert await tagged.pool() == ({one, two, three}, 3)
    assert await tagged.pool(0) == ({one}, 1)
    assert await tagged.pool(0, 1) == ({one, two}, 2)
    assert await tagged.pool(0, 1, limit=1) == ({one, two}, 2)
    assert await tagged.pool(2) == (set(), 0)
    assert (await tagged.pool(0, images=[one, two]))[0] == {one}
    asked = GetImage(patient=tagged.clinic.patient, image=one)
    assert (await tagged.clinic.ask.ask(asked, tagged.clinic.call)).tags == [tagged.tags[0]]


async def test_only_tags_that_may_be_assigned_by_those_who_may(tagged: Tagged) -> None:
    clinic, ground = tagged.clinic, tagged.clinic.ground
    admin = ground.call(user(installation=Role.ADMIN))
    await clinic.ask.ask(ChangeTag(tag=tagged.tags[2], changes=TagChanges(retired=True), version=1), admin)
    elsewhere = clinic.identity.open("Basel")
    chief = ground.call(at(elsewhere, Role.SITE_ADMIN))
    new = NewTagCategory(name="Study", colour=TagColour.RED, site=elsewhere)
    category = (await clinic.ask.ask(CreateTagCategory(new=new, idempotency_key="1"), chief)).id
    made = CreateTag(category=category, new=NewTag(name="Arm A"), idempotency_key="2")
    foreign = (await clinic.ask.ask(made, chief)).id
    mine = clinic.call
    assert await tagged.refused(TagImage, mine, tag=tagged.tags[2]) == "tag_retired"
    assert await tagged.refused(TagImage, mine, tag=foreign) == "tag_of_another_site"
    for kind in (TagImage, UntagImage):
        assert await tagged.refused(kind, ground.call(at(clinic.site, Role.VIEWER))) == "forbidden"
        assert await tagged.refused(kind, chief) == "not_found"
        assert await tagged.refused(kind, mine, image=uuid4()) == "not_found"
        assert await tagged.refused(kind, mine, patient=await clinic.new_patient(f"p-{uuid4().hex[:8]}")) == "not_found"
    assert await tagged.refused(TagImage, mine, tag=uuid4()) == "not_found"


async def test_a_photograph_has_so_many_and_no_more(tagged: Tagged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagging, "ASSIGNED_AT_MOST", 1)
    await tagged.give(0, 0)
    assert await tagged.refused(TagImage, tagged.clinic.call, tag=tagged.tags[1]) == "too_many_tags"
