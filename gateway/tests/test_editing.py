"""Changing photographs through the API."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from dermfolio.contracts.editing import (
    CaptionImage,
    DateImage,
    DateImages,
    ImageCaptioned,
    ImageDated,
    ImagePlaced,
    PlaceImage,
    TagImages,
)
from dermfolio.contracts.views.editing import CAPTION_AT_MOST, EDITED_AT_ONCE, TAGS_AT_ONCE

from .conftest import Browser, Seen, World
from .owner import ELSEWHERE, HOME

MARCH = "2026-03-12T09:30:00+01:00"


@dataclass
class Pool:
    """Two photographs of a patient, and who changes them."""

    browser: Browser
    patient: UUID
    images: list[UUID]

    async def put(self, what: str, body: Any, version: int | None = 0) -> Seen:
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        path = f"/patients/{self.patient}/images/{self.images[0]}/{what}"
        return await self.browser.send("PUT", path, json=body, headers=headers)

    async def post(self, path: str, body: Any) -> Seen:
        return await self.browser.send("POST", f"/patients/{self.patient}/{path}", json=body)


@pytest.fixture
async def pool(world: World, browser: Browser) -> Pool:
    patient, images = world.patients.add("p-1").id, [uuid4(), uuid4()]
    for image in images:
        assert (await browser.upload(patient, image, image.bytes)).status == 202
    return Pool(browser, patient, images)


@pytest.mark.req("POOL-11")
async def test_a_caption_is_saved_under_its_version(world: World, pool: Pool) -> None:
    answer = await pool.put("caption", {"caption": " left forearm\n"})
    assert (answer.status, answer.json["caption"], answer.headers["ETag"]) == (200, "left forearm", '"1"')
    [asked] = world.images.of(CaptionImage)
    assert (asked.patient, asked.image, asked.version) == (pool.patient, pool.images[0], 0)
    stale = await pool.put("caption", {"caption": "right"})
    assert (stale.status, stale.code, stale.json["version"]) == (412, "stale_version", 1)


@pytest.mark.req("POOL-5")
async def test_a_date_is_saved_in_utc(world: World, pool: Pool) -> None:
    answer = await pool.put("effective-date", {"effective_at": MARCH})
    assert (answer.status, answer.json["effective_at"]) == (200, "2026-03-12T08:30:00Z")
    assert answer.headers["ETag"] == '"1"'
    assert world.images.of(DateImage)[0].new.effective_at == datetime(2026, 3, 12, 8, 30, tzinfo=UTC)


@pytest.mark.req("API-1")
@pytest.mark.parametrize(("what", "body"), [("caption", {"caption": "a"}), ("effective-date", {"effective_at": MARCH})])
async def test_who_changes_something_says_which_version_of_it(
    world: World, pool: Pool, what: str, body: dict[str, str]
) -> None:
    answer = await pool.put(what, body, version=None)
    assert (answer.status, answer.code) == (428, "if_match_required")
    assert world.images.of(CaptionImage) + world.images.of(DateImage) == []


@pytest.mark.req("POOL-10")
async def test_a_photograph_is_put_beside_another(world: World, pool: Pool) -> None:
    one, other = pool.images
    answer = await pool.post(f"images/{one}/place", {"next_to": str(other), "side": "older"})
    assert (answer.status, answer.json["id"]) == (200, str(one))
    [asked] = world.images.of(PlaceImage)
    assert (asked.image, asked.new.next_to, asked.new.side) == (one, other, "older")


@pytest.mark.req("POOL-15")
async def test_several_are_changed_together(world: World, pool: Pool) -> None:
    one, other, tag = *map(str, pool.images), str(uuid4())
    dates = [{"image": one, "effective_at": MARCH}, {"image": other, "effective_at": MARCH}]
    answer = await pool.post("pool/effective-dates", {"dates": dates})
    assert [image["effective_at"] for image in answer.json["images"]] == ["2026-03-12T08:30:00Z"] * 2
    answer = await pool.post("pool/tags", {"images": [one, other], "add": [tag]})
    assert [image["tags"] for image in answer.json["images"]] == [[tag], [tag]]
    assert (len(world.images.of(DateImages)), len(world.images.of(TagImages))) == (1, 1)


@pytest.mark.req("API-1")
async def test_what_cannot_be_meant_is_refused_before_anybody_is_asked(world: World, pool: Pool) -> None:
    one, tag = str(pool.images[0]), str(uuid4())
    dated = {"image": one, "effective_at": MARCH}
    for sending in (
        pool.put("caption", {"caption": "a" * (CAPTION_AT_MOST + 1)}),
        pool.put("caption", {"caption": "a\x00b"}),
        pool.put("caption", {"caption": "a\ud800b"}),
        pool.put("caption", {"caption": "a\tb"}),
        pool.put("caption", {}),
        pool.put("effective-date", {"effective_at": "2026-03-12T09:30:00"}),
        pool.put("effective-date", {"effective_at": "1899-12-31T00:00:00Z"}),
        pool.put("effective-date", {"effective_at": 1}),
        pool.post(f"images/{one}/place", {"next_to": one, "side": "left"}),
        pool.post("pool/effective-dates", {"dates": []}),
        pool.post("pool/effective-dates", {"dates": [dated, dated]}),
        pool.post("pool/effective-dates", {"dates": [dated] * (EDITED_AT_ONCE + 1)}),
        pool.post("pool/tags", {"images": [], "add": [tag]}),
        pool.post("pool/tags", {"images": [one], "add": [tag], "remove": [tag]}),
        pool.post("pool/tags", {"images": [one], "add": [str(uuid4()) for _ in range(TAGS_AT_ONCE + 1)]}),
    ):
        answer = await sending
        assert (answer.status, answer.code) == (400, "invalid_request")
    for kind in (CaptionImage, DateImage, PlaceImage, DateImages, TagImages):
        assert world.images.of(kind) == []


@pytest.mark.req("ORG-1")
async def test_photographs_of_a_patient_whom_one_does_not_see_are_not_found(world: World, pool: Pool) -> None:
    foreign = Pool(pool.browser, world.patients.add("p-2", site=ELSEWHERE).id, pool.images)
    for sending in (
        foreign.put("caption", {"caption": "arm"}),
        foreign.put("effective-date", {"effective_at": MARCH}),
        foreign.post(f"images/{pool.images[0]}/place", {"next_to": str(pool.images[1]), "side": "newer"}),
        foreign.post("pool/effective-dates", {"dates": [{"image": str(pool.images[0]), "effective_at": MARCH}]}),
        foreign.post("pool/tags", {"images": [str(pool.images[0])]}),
    ):
        answer = await sending
        assert (answer.status, answer.code) == (404, "not_found")


@pytest.mark.req("POOL-16")
async def test_who_follows_the_patient_hears_which_photograph_it_was(world: World, pool: Pool) -> None:
    about = {"image": pool.images[0], "patient": pool.patient, "site": HOME}
    kinds = {"captioned": ImageCaptioned, "dated": ImageDated, "placed": ImagePlaced}
    async with pool.browser.socket() as socket:
        await socket.send_json({"type": "subscribe", "patient": str(pool.patient)})
        assert (await socket.receive_json())["type"] == "subscribed"
        await world.say(*(kind(**about, version=2 + n) for n, kind in enumerate(kinds.values())))
        for n, name in enumerate(kinds):
            heard = await socket.receive_json()
            assert heard["event"] == f"images.{name}"
            assert heard["data"] == {"image": str(pool.images[0]), "version": 2 + n}
