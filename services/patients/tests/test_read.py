"""Reading patients."""

from dataclasses import replace
from uuid import UUID, uuid4

import asyncpg
import pytest

from dermfolio.common.auth import Actor
from dermfolio.common.errors import Refused
from dermfolio.common.testing import at, eventually, user
from dermfolio.contracts.patients import GetPatient, ListPatients, PatientsListed
from dermfolio.contracts.replay import Fact
from dermfolio.contracts.roles import Role
from dermfolio.contracts.sharing import MaySee
from services.patients.tests.records import Desk


@pytest.mark.req("ORG-1")
async def test_a_patient_of_another_site_answers_as_one_that_does_not_exist(desk: Desk, clinician: Actor) -> None:
    patient = await desk.make(clinician, "mine")
    strangers = [at(uuid4(), Role.CLINICIAN), user(installation=Role.ADMIN), user(installation=Role.AUDITOR)]
    for stranger in strangers:
        for request in (GetPatient(patient=patient.id), GetPatient(patient=uuid4()), MaySee(patient=patient.id)):
            with pytest.raises(Refused) as refused:
                await desk.ask(request, stranger)
            assert (refused.value.code, refused.value.facts) == ("not_found", {})


@pytest.mark.req("AUD-1")
async def test_reads_and_denials_are_recorded_before_they_are_answered(
    desk: Desk, clinician: Actor, site: UUID
) -> None:
    patient = await desk.make(clinician, "seen")
    stranger = at(uuid4(), Role.VIEWER)
    await desk.ask(GetPatient(patient=patient.id), clinician)
    with pytest.raises(Refused):
        await desk.ask(GetPatient(patient=patient.id), stranger)
    await desk.ask(ListPatients(), clinician)

    async def all_four() -> list[Fact] | None:  # numbered by the relay, a moment later
        found = await desk.facts()
        return found if len(found) == 4 else None

    recorded = await eventually(all_four)
    assert [f.subject for f in recorded] == [
        "evt.patients.created",
        "evt.patients.viewed",
        "evt.patients.denied",
        "evt.patients.listed",
    ]
    assert [f.seq for f in recorded] == [1, 2, 3, 4]
    created, viewed, denied, listed = recorded
    assert created.origin.user == viewed.origin.user == clinician.user
    assert viewed.data["patient"] == str(patient.id)
    assert viewed.origin.request_id == "test-request"
    assert (denied.origin.user, denied.data["target"], denied.data["outcome"]) == (
        stranger.user,
        str(patient.id),
        "denied",
    )
    assert listed.data["patients"] == [str(patient.id)]


async def test_pages_show_every_patient_once_newest_first(desk: Desk, clinician: Actor) -> None:
    everyone = [(await desk.make(clinician, f"p{n:02}")).unique_id for n in range(7)]
    seen: list[str] = []
    cursor = None
    while True:
        page = await desk.ask(ListPatients(limit=3, cursor=cursor), clinician)
        seen += [card.unique_id for card in page.patients]
        if (cursor := page.next) is None:
            break
    assert seen == everyone[::-1]


@pytest.mark.parametrize("cursor", ["", "x", "A" * 500, "WzEsMl0", "bnVsbA", "W251bGwsbnVsbF0", "\N{SNOWMAN}"])
async def test_a_cursor_that_is_none_is_refused(desk: Desk, clinician: Actor, cursor: str) -> None:
    with pytest.raises(Refused) as refused:
        await desk.ask(ListPatients(cursor=cursor), clinician)
    assert refused.value.code == "invalid_request"


@pytest.mark.req("AUD-1")
async def test_a_page_is_recorded_for_each_home_site_of_whom_it_shows(desk: Desk, clinician: Actor, site: UUID) -> None:
    other = at(uuid4(), Role.CLINICIAN)
    [elsewhere] = other.site_roles
    both = replace(clinician, site_roles={**clinician.site_roles, **other.site_roles})
    mine = [str((await desk.make(clinician, f"mine{n}")).id) for n in range(3)]
    theirs = [str((await desk.make(other, f"theirs{n}")).id) for n in range(2)]
    await desk.ask(ListPatients(limit=4), both)  # the oldest, mine, is on the next page
    listed = await desk.said(PatientsListed, times=2)
    shown = {(fact.data["site"], *sorted(fact.data["patients"])) for fact in listed}
    assert shown == {(str(site), *sorted(mine[1:])), (str(elsewhere), *sorted(theirs))}
    for fact in listed:
        assert PatientsListed.model_validate(fact.data).id == fact.id
        assert (fact.at, fact.origin.user) == (PatientsListed.model_validate(fact.data).at, both.user)


@pytest.mark.req("AUD-1")
async def test_an_empty_page_is_recorded_too(desk: Desk) -> None:
    assert (await desk.ask(ListPatients(), at(uuid4(), Role.VIEWER))).patients == []
    [fact] = await desk.said(PatientsListed)
    assert (fact.data["site"], fact.data["patients"]) == (None, [])


@pytest.mark.req("AUD-1")
async def test_what_cannot_be_recorded_is_not_shown(desk: Desk, clinician: Actor, database_url: str) -> None:
    patient = await desk.make(clinician, "unseen")
    rows = await asyncpg.connect(database_url)
    await rows.execute("ALTER TABLE outbox RENAME TO lost")
    for request in (GetPatient(patient=patient.id), ListPatients()):
        assert await desk.refused(request, clinician) == "internal"
    await rows.execute("ALTER TABLE lost RENAME TO outbox")
    await rows.close()
    assert (await desk.ask(GetPatient(patient=patient.id), clinician)).id == patient.id
