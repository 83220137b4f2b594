"""Which tags there are, and who says so."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from dermfolio.common.auth import Actor
from dermfolio.common.testing import at, user
from dermfolio.contracts.messages import Request
from dermfolio.contracts.roles import Role
from dermfolio.contracts.tags import (
    ChangeTag,
    ChangeTagCategory,
    CreateTag,
    CreateTagCategory,
    ListTags,
    OrderTags,
    TagCategoryChanged,
    TagChanged,
)
from dermfolio.contracts.views.tags import (
    CategoryInOrder,
    NewTag,
    NewTagCategory,
    TagCategoryChanges,
    TagCategoryView,
    TagChanges,
    TagColour,
    TagList,
    TagOrder,
    TagView,
)
from dermfolio.patients import tag_catalogue
from services.patients.tests.identity import Identity
from services.patients.tests.records import Desk

pytestmark = pytest.mark.req("TAG-1")

ADMIN = user(installation=Role.ADMIN)


class Catalogue:
    """Makes and changes tags as somebody."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def category(
        self, name: str, actor: Actor = ADMIN, site: UUID | None = None, key: str = ""
    ) -> TagCategoryView:
        return await self.desk.ask(new_category(name, site, key), actor)

    async def tag(self, category: UUID, name: str, actor: Actor = ADMIN) -> TagView:
        return await self.desk.ask(new_tag(category, name), actor)

    async def all(self, actor: Actor = ADMIN, site: UUID | None = None) -> TagList:
        return await self.desk.ask(ListTags(site=site), actor)


def new_category(name: str, site: UUID | None = None, key: str = "") -> CreateTagCategory:
    new = NewTagCategory(name=name, colour=TagColour.TEAL, site=site)
    return CreateTagCategory(new=new, idempotency_key=key or str(uuid4()))


def new_tag(category: UUID, name: str) -> CreateTag:
    return CreateTag(category=category, new=NewTag(name=name), idempotency_key=str(uuid4()))


def named(tags: TagList) -> list[tuple[str, list[str]]]:
    return [(category.name, [tag.name for tag in category.tags]) for category in tags.categories]


@pytest.fixture
def catalogue(desk: Desk) -> Catalogue:
    return Catalogue(desk)


@pytest.fixture
def site(identity: Identity) -> UUID:
    return identity.open("Bern")


async def test_tags_are_made_renamed_recoloured_and_put_in_order(catalogue: Catalogue, clinician: Actor) -> None:
    assert named(await catalogue.all(clinician)) == []
    diagnosis, region = [await catalogue.category(name) for name in ("Diagnosis", "Region")]
    naevus, lentigo = [await catalogue.tag(diagnosis.id, name) for name in ("Naevus", "Lentigo")]
    arm = await catalogue.tag(region.id, "  Left \t arm ")
    assert arm.name == "Left arm"
    before = await catalogue.all(clinician)
    assert named(before) == [("Diagnosis", ["Naevus", "Lentigo"]), ("Region", ["Left arm"])]
    order = [
        CategoryInOrder(id=region.id, tags=[arm.id]),
        CategoryInOrder(id=diagnosis.id, tags=[lentigo.id, naevus.id]),
    ]
    after = await catalogue.desk.ask(OrderTags(order=TagOrder(categories=order), version=before.version), ADMIN)
    assert named(after) == [("Region", ["Left arm"]), ("Diagnosis", ["Lentigo", "Naevus"])]
    assert after.version == before.version + 1
    changes = TagCategoryChanges(name="Body region", colour=TagColour.RED)
    changed = await catalogue.desk.ask(ChangeTagCategory(category=region.id, changes=changes, version=1), ADMIN)
    assert (changed.name, changed.colour, changed.version, len(changed.tags)) == ("Body region", "red", 2, 1)
    renamed = await catalogue.desk.ask(ChangeTag(tag=arm.id, changes=TagChanges(name="Arm"), version=1), ADMIN)
    assert (renamed.name, renamed.version) == ("Arm", 2)
    [said] = await catalogue.desk.said(TagCategoryChanged)
    assert (said.data["fields"], said.data["version"], said.data["site"]) == (["name", "colour"], 2, None)
    assert "Body" not in str(said.data)


async def test_what_is_retired_comes_back(catalogue: Catalogue) -> None:
    category = await catalogue.category("Diagnosis")
    tag = await catalogue.tag(category.id, "Naevus")
    for version, retired in enumerate((True, False), start=1):
        change = ChangeTag(tag=tag.id, changes=TagChanges(retired=retired), version=version)
        assert (await catalogue.desk.ask(change, ADMIN)).retired is retired
    same = ChangeTag(tag=tag.id, changes=TagChanges(retired=False, name="Naevus"), version=3)
    assert (await catalogue.desk.ask(same, ADMIN)).version == 3
    assert len(await catalogue.desk.said(TagChanged, times=2)) == 2


async def test_two_who_change_the_same_version_are_not_both_right(catalogue: Catalogue) -> None:
    category = await catalogue.category("Diagnosis")
    tag = await catalogue.tag(category.id, "Naevus")
    version = (await catalogue.all()).version
    order = TagOrder(categories=[CategoryInOrder(id=category.id, tags=[tag.id])])
    stale: list[Request[Any]] = [
        ChangeTagCategory(category=category.id, changes=TagCategoryChanges(name="X"), version=2),
        ChangeTag(tag=tag.id, changes=TagChanges(name="X"), version=7),
        OrderTags(order=order, version=version - 1),
    ]
    for request in stale:
        assert await catalogue.desk.refused(request, ADMIN) == "stale_version"
    assert (await catalogue.desk.ask(OrderTags(order=order, version=version), ADMIN)).version == version


async def test_an_order_names_everything_once(catalogue: Catalogue) -> None:
    first, second = [await catalogue.category(name) for name in ("First", "Second")]
    tag = (await catalogue.tag(first.id, "Naevus")).id
    version = (await catalogue.all()).version
    both = CategoryInOrder(id=first.id, tags=[tag]), CategoryInOrder(id=second.id, tags=[])
    wrong = [
        both[:1],
        (*both, both[1]),
        (CategoryInOrder(id=first.id, tags=[]), both[1]),
        (CategoryInOrder(id=first.id, tags=[tag, tag]), both[1]),
        (CategoryInOrder(id=first.id, tags=[]), CategoryInOrder(id=second.id, tags=[tag])),
        (*both, CategoryInOrder(id=uuid4(), tags=[])),
    ]
    for categories in wrong:
        asked = OrderTags(order=TagOrder(categories=list(categories)), version=version)
        assert await catalogue.desk.refused(asked, ADMIN) == "invalid_request"


async def test_a_name_stands_once_in_its_list_whatever_its_capitals(
    catalogue: Catalogue, site: UUID, clinician: Actor
) -> None:
    category = await catalogue.category("Diagnosis")
    other = await catalogue.category("Region")
    await catalogue.category("Diagnosis", at(site, Role.SITE_ADMIN), site)
    tag = await catalogue.tag(category.id, "Naevus")
    await catalogue.tag(other.id, "Naevus")
    taken: list[Request[Any]] = [
        new_category("DIAGNOSIS"),
        new_tag(category.id, "naevus"),
        ChangeTagCategory(category=other.id, changes=TagCategoryChanges(name="diagnosis"), version=1),
    ]
    for request in taken:
        assert await catalogue.desk.refused(request, ADMIN) == "tag_name_taken"
    changed = ChangeTag(tag=tag.id, changes=TagChanges(name="NAEVUS"), version=1)
    assert (await catalogue.desk.ask(changed, ADMIN)).name == "NAEVUS"
    made = await asyncio.gather(*(catalogue.category("At once") for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(one, TagCategoryView) for one in made) == 1


async def test_asking_again_makes_one(catalogue: Catalogue) -> None:
    made = [await catalogue.category("Diagnosis", key="once") for _ in range(2)]
    assert made[0] == made[1]
    assert await catalogue.desk.refused(new_category("Region", key="once"), ADMIN) == "idempotency_key_reused"


async def test_the_administrators_of_a_site_say_which_tags_it_has_and_no_others(
    catalogue: Catalogue, site: UUID, identity: Identity
) -> None:
    chief, elsewhere = at(site, Role.SITE_ADMIN), at(identity.open("Basel"), Role.SITE_ADMIN)
    wide = await catalogue.category("Everywhere")
    here = await catalogue.category("Here", chief, site)
    tag = await catalogue.tag(here.id, "Naevus", chief)
    about: list[Request[Any]] = [
        new_category("More", site),
        new_tag(here.id, "More"),
        ChangeTagCategory(category=here.id, changes=TagCategoryChanges(retired=True), version=9),
        ChangeTag(tag=tag.id, changes=TagChanges(name="More"), version=9),
        OrderTags(order=TagOrder(site=site, categories=[]), version=9),
    ]
    refused = [
        [await catalogue.desk.refused(one, who) for one in about] for who in (elsewhere, at(site, Role.CLINICIAN))
    ]
    assert refused == [["not_found"] * 5, ["forbidden"] * 5]
    of_all: list[Request[Any]] = [
        new_category("X"),
        new_tag(wide.id, "X"),
        OrderTags(order=TagOrder(categories=[]), version=1),
    ]
    assert {await catalogue.desk.refused(one, chief) for one in of_all} == {"forbidden"}
    assert await catalogue.desk.refused(new_category("X", uuid4()), ADMIN) == "not_found"
    assert await catalogue.desk.refused(new_tag(uuid4(), "X"), ADMIN) == "not_found"
    assert named(await catalogue.all(elsewhere, site)) == [("Here", ["Naevus"])]
    assert named(await catalogue.all(elsewhere)) == [("Everywhere", [])]
    assert await catalogue.desk.refused(ListTags(), user()) == "forbidden"


async def test_a_list_has_room_for_so_many(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tag_catalogue, "CATEGORIES_AT_MOST", 2)
    monkeypatch.setattr(tag_catalogue, "TAGS_AT_MOST", 2)
    first, second = [await catalogue.category(name) for name in ("First", "Second")]
    assert await catalogue.desk.refused(new_category("Third"), ADMIN) == "too_many_tags"
    for category in (first, second):
        await catalogue.tag(category.id, "Naevus")
    assert await catalogue.desk.refused(new_tag(first.id, "Lentigo"), ADMIN) == "too_many_tags"
