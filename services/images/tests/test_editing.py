"""People change photographs: captions, effective dates, and who may."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pydantic import ValidationError

from dermfolio.common.auth import Call
from dermfolio.common.testing import at, eventually
from dermfolio.contracts.editing import SAID, ImageCaptioned, ImageDated
from dermfolio.contracts.images import GetImage
from dermfolio.contracts.merging import MergePatient
from dermfolio.contracts.messages import now
from dermfolio.contracts.patients import GetPatient
from dermfolio.contracts.recount import RecountPatients
from dermfolio.contracts.roles import Role
from dermfolio.contracts.sharing import OpenPatient
from dermfolio.contracts.views.editing import CAPTION_AT_MOST, NewCaption
from dermfolio.contracts.views.sharing import NewOpening

from .conftest import Clinic
from .editors import Editors, outcome, refused
from .photographs import photograph

MARCH = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def editors(idle_clinic: Clinic) -> Editors:
    images = [(await idle_clinic.upload(photograph(seed=n, width=32, height=32))).image.id for n in range(3)]
    return Editors(idle_clinic, idle_clinic.patient, images)


@pytest.mark.req("POOL-11")
async def test_a_caption_is_saved_once_and_no_word_of_it_leaves_its_table(editors: Editors) -> None:
    saved = await editors.caption(0, "  left forearm\nbefore \n", 0)
    assert (saved.caption, saved.caption_version, saved.version) == ("left forearm\nbefore", 1, 2)
    assert await editors.caption(0, "left forearm\nbefore", 0) == saved
    shown = await editors.clinic.ask.ask(
        GetImage(patient=editors.patient, image=editors.images[0]), editors.clinic.call
    )
    assert (shown.caption, shown.caption_version) == (saved.caption, saved.caption_version)
    assert (await editors.caption(0, "", 1)).caption == ""
    facts = await editors.said(ImageCaptioned)
    assert [fact.data["version"] for fact in facts] == [2, 3]
    assert "forearm" not in str(facts)


@pytest.mark.req("POOL-11")
async def test_of_two_who_write_a_caption_at_once_the_second_is_told(editors: Editors) -> None:
    texts = [f"caption {n}" for n in range(4)]
    outcomes = await asyncio.gather(*(outcome(editors.caption(0, text, 0)) for text in texts))
    assert sorted(outcomes) == ["done", "stale_version", "stale_version", "stale_version"]
    assert len(await editors.said(ImageCaptioned)) == 1
    refusal = await refused(editors.caption(0, "caption", 0))
    assert (refusal.code, refusal.facts) == ("stale_version", {"version": 1})
    assert await asyncio.gather(*(outcome(editors.caption(1, "the same", 0)) for _ in range(4))) == ["done"] * 4
    assert (await editors.caption(1, "the same", 0)).caption_version == 1


@pytest.mark.req("POOL-11")
@pytest.mark.parametrize(
    "text", ["a\tb", "a\x00", "a\r\nb", "a\x1bb", "a\x85b", "a\ud800", "a" * (CAPTION_AT_MOST + 1)]
)
def test_a_caption_is_lines_of_text(text: str) -> None:
    with pytest.raises(ValidationError):
        NewCaption(caption=text)


@pytest.mark.req("POOL-11")
async def test_a_caption_may_be_long_and_in_any_script(editors: Editors) -> None:
    text = "😀" * CAPTION_AT_MOST
    assert (await editors.caption(0, f" {text}\n", 0)).caption == text
    assert (await editors.caption(1, "Unterarm, Жёлтый, 左前腕, ساعد, 👩🏽‍⚕️", 0)).caption.endswith("👩🏽‍⚕️")


@pytest.mark.req("POOL-5")
async def test_a_photograph_comes_to_stand_where_its_date_is(editors: Editors) -> None:
    assert await editors.order() == [0, 1, 2]
    saved = await editors.date(2, MARCH, 0)
    assert (saved.effective_at, saved.date_version) == (MARCH, 1)
    assert await editors.order() == [2, 0, 1]
    await editors.date(0, MARCH + timedelta(microseconds=1), 0)
    await editors.date(1, MARCH - timedelta(microseconds=1), 0)
    assert await editors.order() == [1, 2, 0]
    assert [fact.data["version"] for fact in await editors.said(ImageDated)] == [2, 2, 2]


@pytest.mark.req("POOL-5")
async def test_a_date_that_a_photograph_has_already_leaves_it_where_it_stands(editors: Editors) -> None:
    await editors.date(0, MARCH, 0)
    await editors.date(1, MARCH - DAY, 0)
    placed = await editors.put(0, "older", 1)
    assert await editors.date(0, MARCH, 0) == placed
    assert len(await editors.said(ImageDated)) == 2


@pytest.mark.req("POOL-5")
async def test_of_two_who_date_a_photograph_at_once_the_second_is_told(editors: Editors) -> None:
    outcomes = await asyncio.gather(*(outcome(editors.date(0, MARCH + n * DAY, 0)) for n in range(3)))
    assert sorted(outcomes) == ["done", "stale_version", "stale_version"]
    assert (await refused(editors.date(0, MARCH - DAY, 7))).facts == {"version": 1}


@pytest.mark.req("POOL-5")
async def test_no_photograph_is_of_the_future(editors: Editors) -> None:
    soon = now() + timedelta(hours=23)
    assert (await editors.date(0, soon, 0)).effective_at == soon
    assert (await refused(editors.date(0, now() + timedelta(hours=25), 1))).code == "date_in_future"
    assert (await refused(editors.date_many({1: MARCH, 2: now() + 2 * DAY}))).code == "date_in_future"
    assert len(await editors.said(ImageDated)) == 1


@pytest.mark.req("PAT-7")
async def test_nothing_changes_of_a_photograph_on_its_way_to_another_patient(editors: Editors) -> None:
    before = await editors.caption(0, "arm", 0)
    await editors.send_away(0)
    assert (await refused(editors.caption(0, "leg", 1))).code == "image_moving"
    assert (await refused(editors.date(0, MARCH, 0))).code == "image_moving"
    assert (await refused(editors.put(0, "newer", 2))).code == "image_moving"
    assert (await refused(editors.date_many({0: MARCH, 1: MARCH}))).code == "image_moving"
    assert await editors.caption(0, "arm", 1) == before
    assert len(await editors.said(*SAID)) == 1
    assert await editors.order() == [0, 1, 2]


async def test_what_is_no_photograph_of_the_patient_is_not_found(editors: Editors) -> None:
    theirs = Editors(editors.clinic, await editors.clinic.new_patient("pat-2"), editors.images)
    nowhere = Editors(editors.clinic, editors.patient, [editors.images[0], uuid4()])
    for asking in (
        theirs.caption(0, "arm", 0),
        theirs.date(0, MARCH, 0),
        theirs.put(0, "newer", 1),
        theirs.date_many({0: MARCH}),
        theirs.tag_many([0]),
        nowhere.caption(1, "arm", 0),
        nowhere.put(0, "newer", 1),
        nowhere.put(1, "newer", 0),
        nowhere.date_many({0: MARCH, 1: MARCH}),
        nowhere.tag_many([0, 1]),
    ):
        assert (await refused(asking)).code == "not_found"
    await editors.reject(0)
    assert (await refused(editors.caption(0, "arm", 0))).code == "not_found"
    assert (await refused(editors.put(1, "newer", 0))).code == "not_found"
    assert await editors.said(*SAID) == []


@pytest.mark.req("ORG-1", "ORG-8")
async def test_who_works_at_the_site_may_and_nobody_else(editors: Editors) -> None:
    ground, site = editors.clinic.ground, editors.clinic.site
    stranger = ground.call(at(uuid4(), Role.CLINICIAN))

    async def outcomes(call: Call) -> set[str]:
        asked = (
            editors.caption(0, "arm", 0, call=call),
            editors.date(1, MARCH, 0, call=call),
            editors.put(2, "older", 1, call=call),
            editors.date_many({1: MARCH}, call=call),
            editors.tag_many([0], call=call),
        )
        return {await outcome(one) for one in asked}

    assert await outcomes(ground.call(at(site, Role.VIEWER))) == {"forbidden"}
    assert await outcomes(stranger) == {"not_found"}
    opening = NewOpening(unique_id="pat-1", reason="Anaphylaxis in the emergency room")
    await editors.clinic.ask.ask(OpenPatient(opening=opening, idempotency_key="once"), stranger)
    assert await outcomes(stranger) == {"forbidden"}
    assert await outcomes(ground.call(at(site, Role.PHOTOGRAPHER))) == {"done"}


@pytest.mark.req("PAT-7", "POOL-10")
async def test_records_that_are_one_patient_have_one_order(editors: Editors) -> None:
    clinic, survivor = editors.clinic, await editors.clinic.new_patient("pat-2")
    theirs = (await clinic.upload(photograph(seed=9, width=32, height=32), patient=survivor)).image.id
    chief = clinic.ground.call(at(clinic.site, Role.SITE_ADMIN))
    await clinic.ask.ask(MergePatient(patient=survivor, alias=editors.patient, version=0), chief)
    both = Editors(clinic, survivor, [*editors.images, theirs])
    assert (await both.put(3, "older", 1)).patient == survivor
    assert (await both.put(0, "newer", 3)).patient == editors.patient
    assert await both.order() == [3, 0, 1, 2]
    assert (await both.caption(0, "arm", 0)).patient == editors.patient
    await both.date_many({0: MARCH, 3: MARCH + DAY})
    assert await both.order() == [0, 3, 1, 2]
    assert (await refused(editors.caption(1, "arm", 0))).code == "patient_merged"
    assert (await refused(editors.date_many({1: MARCH}))).code == "patient_merged"


@pytest.mark.req("PAT-3")
async def test_what_is_computed_of_the_patient_stays_right(editors: Editors) -> None:
    clinic = editors.clinic
    for n in range(3):
        await editors.caption(n, "arm", 0)
        await editors.date(n, MARCH, 0)
    await clinic.upload(photograph(seed=9, width=32, height=32))

    async def counted() -> bool:
        return (await clinic.ask.ask(GetPatient(patient=clinic.patient), clinic.call)).image_count == 4

    assert await eventually(counted)
    async with clinic.ground.asking("ops") as ops:
        assert (await ops.ask(RecountPatients(patients=[clinic.patient]))).differences == []
