"""Dates and tags of several photographs at once: all of them, or none."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from dermfolio.common.testing import user
from dermfolio.contracts.editing import SAID, ImageDated
from dermfolio.contracts.roles import Role
from dermfolio.contracts.tags import ChangeTag, CreateTag, CreateTagCategory, ImageTagged
from dermfolio.contracts.views.editing import CAPTION_AT_MOST, EDITED_AT_ONCE, DateChanges, ImageDate, TagsOfMany
from dermfolio.contracts.views.tags import NewTag, NewTagCategory, TagChanges, TagColour
from dermfolio.images import read, tagging

from .conftest import Clinic
from .editors import Editors, outcome, refused

pytestmark = pytest.mark.req("POOL-15")

MARCH = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def editors(idle_clinic: Clinic) -> Editors:
    made = Editors(idle_clinic, idle_clinic.patient, [])
    for n in range(4):
        await made.add(MARCH + n * DAY)
    return made


@pytest.fixture
async def tags(idle_clinic: Clinic) -> list[UUID]:
    admin = idle_clinic.ground.call(user(installation=Role.ADMIN))
    new = NewTagCategory(name="Diagnosis", colour=TagColour.TEAL)
    category = (await idle_clinic.ask.ask(CreateTagCategory(new=new, idempotency_key="category"), admin)).id
    return [
        (await idle_clinic.ask.ask(CreateTag(category=category, new=NewTag(name=name), idempotency_key=name), admin)).id
        for name in ("Naevus", "Lentigo", "Keratosis")
    ]


@pytest.mark.req("POOL-5")
async def test_several_are_dated_together_and_answered_as_they_were_named(editors: Editors) -> None:
    answer = await editors.date_many({3: MARCH - DAY, 0: MARCH + 9 * DAY, 1: MARCH + DAY})
    assert [one.id for one in answer.images] == [editors.images[n] for n in (3, 0, 1)]
    assert [one.date_version for one in answer.images] == [1, 1, 0]
    assert await editors.order() == [3, 1, 2, 0]
    assert {UUID(fact.data["image"]) for fact in await editors.said(ImageDated)} == {
        editors.images[0],
        editors.images[3],
    }
    again = await editors.date_many({3: MARCH - DAY, 0: MARCH + 9 * DAY, 1: MARCH + DAY})
    assert again == answer


@pytest.mark.req("POOL-5")
async def test_where_one_cannot_be_dated_none_is(editors: Editors) -> None:
    await editors.send_away(2)
    assert (await refused(editors.date_many({0: MARCH - DAY, 1: MARCH - DAY, 2: MARCH - DAY}))).code == "image_moving"
    editors.images.append(uuid4())
    assert (await refused(editors.date_many({0: MARCH - DAY, 4: MARCH - DAY}))).code == "not_found"
    assert await editors.said(*SAID) == []
    assert await editors.order() == [0, 1, 2, 3]


@pytest.mark.req("POOL-5")
async def test_many_who_date_and_place_and_tag_the_same_at_once_wait_for_each_other(
    editors: Editors, tags: list[UUID]
) -> None:
    asked = [
        *(editors.date_many(dict.fromkeys((0, 1, 2, 3), MARCH - k * DAY)) for k in range(3)),
        *(editors.date_many(dict.fromkeys((3, 2, 1, 0), MARCH - k * DAY)) for k in range(3)),
        *(editors.put(a, "newer", b) for a, b in ((0, 1), (1, 2), (2, 3), (3, 0))),
        *(editors.tag_many(order, add=[tag]) for tag, order in zip(tags, ([0, 1, 2], [2, 1, 0], [3, 0]), strict=True)),
    ]
    assert await asyncio.gather(*map(outcome, asked)) == ["done"] * len(asked)
    for image in await editors.pool():
        said = await editors.said(*SAID, ImageTagged)
        versions = [fact.data["version"] for fact in said if UUID(fact.data["image"]) == image.id]
        assert sorted(versions) == [*range(2, len(versions) + 2)]


@pytest.mark.req("TAG-2")
async def test_several_are_given_tags_and_lose_tags(editors: Editors, tags: list[UUID]) -> None:
    naevus, lentigo, keratosis = tags
    await editors.tag_many([0, 1], add=[naevus, lentigo])
    answer = await editors.tag_many([1, 2, 1], add=[keratosis], remove=[naevus])
    assert [one.id for one in answer.images] == [editors.images[1], editors.images[2]]
    assert [one.tags for one in answer.images] == [sorted([lentigo, keratosis]), [keratosis]]
    assert {image.id: image.tags for image in await editors.pool()} == {
        editors.images[0]: sorted([naevus, lentigo]),
        editors.images[1]: sorted([lentigo, keratosis]),
        editors.images[2]: [keratosis],
        editors.images[3]: [],
    }
    assert len(await editors.said(ImageTagged)) == 4
    await editors.tag_many([1, 2], add=[keratosis], remove=[naevus])
    assert len(await editors.said(ImageTagged)) == 4


@pytest.mark.req("TAG-2")
async def test_where_one_cannot_be_tagged_none_is(
    editors: Editors, tags: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    naevus, lentigo, keratosis = tags
    admin = editors.clinic.ground.call(user(installation=Role.ADMIN))
    await editors.tag_many([0], add=[naevus, lentigo])
    await editors.clinic.ask.ask(ChangeTag(tag=naevus, changes=TagChanges(retired=True), version=1), admin)
    assert (await refused(editors.tag_many([0, 1], add=[naevus]))).code == "tag_retired"
    assert [one.tags for one in (await editors.tag_many([0], add=[naevus])).images] == [sorted([naevus, lentigo])]
    assert (await refused(editors.tag_many([0, 1], add=[uuid4()]))).code == "not_found"
    await editors.send_away(3)
    assert (await refused(editors.tag_many([1, 2, 3], add=[keratosis]))).code == "image_moving"
    monkeypatch.setattr(tagging, "ASSIGNED_AT_MOST", 2)
    assert (await refused(editors.tag_many([1, 0], add=[keratosis]))).code == "too_many_tags"
    assert len(await editors.said(ImageTagged)) == 1
    assert len((await editors.tag_many([0], add=[keratosis], remove=[lentigo])).images[0].tags) == 2


async def test_an_answer_holds_as_many_as_a_message_of_the_bus_takes(
    editors: Editors, tags: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [await editors.add(MARCH - n * DAY, caption="😀" * CAPTION_AT_MOST) for n in range(EDITED_AT_ONCE)]
    monkeypatch.setattr("dermfolio.images.edit.PAGE_BYTES", read.PAGE_BYTES // 2)
    answer = await editors.tag_many(many, add=tags)
    assert 0 < len(answer.images) < EDITED_AT_ONCE
    assert [one.id for one in answer.images] == [editors.images[n] for n in many[: len(answer.images)]]
    assert len(await editors.said(ImageTagged)) == EDITED_AT_ONCE


def test_what_is_asked_for_is_one_thing() -> None:
    image, tag = uuid4(), uuid4()
    twice = [ImageDate(image=image, effective_at=MARCH + n * DAY) for n in range(2)]
    with pytest.raises(ValidationError, match="each photograph once"):
        DateChanges(dates=twice)
    with pytest.raises(ValidationError, match="give a tag and take it away"):
        TagsOfMany(images=[image], add=[tag], remove=[tag])
