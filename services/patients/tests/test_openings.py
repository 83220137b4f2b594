"""Emergency access to patients of other sites."""

import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import asyncpg
import pytest

from dermfolio.common.auth import Actor
from dermfolio.common.errors import Refused
from dermfolio.common.testing import at, eventually, user
from dermfolio.contracts.patients import AdmitImage, GetPatient, ListPatients, MayAdmit, PatientViewed
from dermfolio.contracts.roles import Permission, Role
from dermfolio.contracts.sharing import (
    EndOpening,
    ListOpenings,
    ListPatientSites,
    MaySee,
    OpeningEnded,
    OpeningsListed,
    OpenPatient,
    PatientOpened,
    SharePatient,
)
from dermfolio.contracts.views.sharing import NewOpening
from services.patients.tests.identity import Identity
from services.patients.tests.records import Desk

pytestmark = pytest.mark.req("ORG-8")

REASON = "Anaphylaxis in the emergency room"


def opening(unique_id: str = "far-away", key: str | None = None) -> OpenPatient:
    return OpenPatient(opening=NewOpening(unique_id=unique_id, reason=REASON), idempotency_key=key or str(uuid4()))


@pytest.fixture
def stranger(identity: Identity) -> Actor:
    """A clinician of another site."""
    return at(uuid4(), Role.CLINICIAN)


@pytest.fixture
async def patient(desk: Desk, clinician: Actor) -> UUID:
    return (await desk.make(clinician, "far-away")).id


async def test_it_shows_the_record_for_a_while_and_lets_nothing_be_changed(
    desk: Desk, stranger: Actor, patient: UUID, site: UUID
) -> None:
    opened = await desk.ask(opening(), stranger)
    assert (opened.patient, opened.site, opened.user, opened.reason) == (patient, site, stranger.user, REASON)
    assert (opened.until - opened.opened_at).total_seconds() == 3600
    assert (await desk.ask(GetPatient(patient=patient), stranger)).unique_id == "far-away"
    sight = await desk.ask(MaySee(patient=patient, needs=Permission.IMAGE_READ), stranger)
    assert (sight.site, sight.opening, sight.until) == (site, opened.id, opened.until)
    assert (await desk.ask(ListPatientSites(patient=patient), stranger)).opened_until == opened.until
    assert await desk.refused(MayAdmit(patient=patient), stranger) == "forbidden"
    assert await desk.refused(SharePatient(patient=patient, site=site), stranger) == "forbidden"
    async with desk.ground.asking("images") as images:
        with pytest.raises(Refused, match="forbidden"):
            await images.ask(AdmitImage(patient=patient, image=uuid4()), desk.ground.call(stranger))
    assert (await desk.ask(ListPatients(), stranger)).patients == [], "it is no patient of theirs"


async def test_it_is_the_users_own_in_person_and_ends_with_the_role(desk: Desk, stranger: Actor, patient: UUID) -> None:
    await desk.ask(opening(), stranger)
    [place] = stranger.site_roles
    for other in (
        at(place, Role.CLINICIAN),
        replace(stranger, scopes=frozenset(Permission)),
        replace(stranger, site_roles={place: frozenset({Role.PHOTOGRAPHER})}),
    ):
        assert await desk.refused(GetPatient(patient=patient), other) == "not_found"


async def test_it_ends_by_itself_after_the_minutes_that_are_set(
    desk: Desk, identity: Identity, stranger: Actor, patient: UUID, database_url: str
) -> None:
    identity.emergency_minutes = 30
    opened = await desk.ask(opening(), stranger)
    assert (opened.until - opened.opened_at).total_seconds() == 30 * 60
    rows = await asyncpg.connect(database_url)
    await rows.execute("UPDATE openings SET opened_at = opened_at - interval '1 h', until = until - interval '30 min'")
    await rows.close()
    for request in (GetPatient(patient=patient), MaySee(patient=patient), ListPatientSites(patient=patient)):
        assert await desk.refused(request, stranger) == "not_found"


async def test_it_is_ended_by_its_user_or_by_the_home_sites_administrator(
    desk: Desk, stranger: Actor, patient: UUID, site: UUID
) -> None:
    admin = at(site, Role.SITE_ADMIN)
    for ends in (stranger, admin):
        opened = await desk.ask(opening(), stranger)
        for other in (at(uuid4(), Role.SITE_ADMIN), at(site, Role.CLINICIAN)):
            assert await desk.refused(EndOpening(opening=opened.id), other) == "not_found"
        await desk.ask(EndOpening(opening=opened.id), ends)
        await desk.ask(EndOpening(opening=opened.id), ends)
        assert await desk.refused(GetPatient(patient=patient), stranger) == "not_found"
        [listed, *_] = (await desk.ask(ListOpenings(), stranger)).openings
        assert (listed.id, listed.ended_by) == (opened.id, ends.user)
        assert listed.until < opened.until
    assert [fact.data["user"] for fact in await desk.said(OpeningEnded, times=2)] == [str(stranger.user)] * 2


async def test_ending_one_ends_all_by_which_its_user_sees_the_patient(
    desk: Desk, stranger: Actor, patient: UUID, site: UUID
) -> None:
    opened = [(await desk.ask(opening(), stranger)).id for _ in range(3)]
    await desk.ask(EndOpening(opening=opened[0]), at(site, Role.SITE_ADMIN))
    assert await desk.refused(GetPatient(patient=patient), stranger) == "not_found"
    assert {fact.data["opening"] for fact in await desk.said(OpeningEnded, times=3)} == set(map(str, opened))


async def test_who_may_see_the_patient_anyway_is_told_so_and_who_may_not_break_the_glass_is_refused(
    desk: Desk, clinician: Actor, stranger: Actor, patient: UUID
) -> None:
    with pytest.raises(Refused) as refused:
        await desk.ask(opening(), clinician)
    assert (refused.value.code, refused.value.facts) == ("patient_in_sight", {"patient": str(patient)})
    [place] = stranger.site_roles
    for actor in (at(place, Role.PHOTOGRAPHER), at(place, Role.VIEWER), user(installation=Role.ADMIN)):
        assert await desk.refused(opening(), actor) == "forbidden"
    assert await desk.refused(opening(), replace(stranger, scopes=frozenset(Permission))) == "session_required"


@pytest.mark.parametrize("unique_id", ["far-awa", "far-away-", "nobody"])
async def test_only_the_exact_unique_id_opens(desk: Desk, stranger: Actor, patient: UUID, unique_id: str) -> None:
    assert await desk.refused(opening(unique_id), stranger) == "not_found"


async def test_twins_open_once_and_another_reason_needs_another_key(desk: Desk, stranger: Actor, patient: UUID) -> None:
    asked = opening(key="once")
    answers = await asyncio.gather(*(desk.ask(asked, stranger) for _ in range(6)))
    assert len({answer.id for answer in answers}) == 1
    await desk.ask(EndOpening(opening=answers[0].id), stranger)
    assert (await desk.ask(asked, stranger)).ended_by == stranger.user, "as it is now"
    other = asked.model_copy(update={"opening": asked.opening.model_copy(update={"reason": "Quite another reason"})})
    assert await desk.refused(other, stranger) == "idempotency_key_reused"
    assert len((await desk.ask(ListOpenings(), stranger)).openings) == 1


@pytest.mark.req("AUD-1")
async def test_it_and_what_was_seen_by_it_are_marked_in_the_facts_which_do_not_tell_the_reason(
    desk: Desk, stranger: Actor, clinician: Actor, patient: UUID, site: UUID
) -> None:
    opened = await desk.ask(opening(), stranger)
    await desk.ask(GetPatient(patient=patient), stranger)
    await desk.ask(GetPatient(patient=patient), clinician)
    [said] = await desk.said(PatientOpened)
    by_opening, by_role = await desk.said(PatientViewed, times=2)
    assert (said.data["opening"], said.data["site"], said.data["patient"]) == (
        str(opened.id),
        str(site),
        str(patient),
    )
    assert [fact.origin.opening for fact in (said, by_opening, by_role)] == [opened.id, opened.id, None]
    await desk.ask(ListOpenings(), stranger)
    [listed] = await desk.said(OpeningsListed)
    assert listed.data["openings"] == [str(opened.id)]
    told = [fact.model_dump_json() for fact in await desk.facts()]
    assert not [text for text in told if REASON in text or "far-away" in text]


async def test_everybody_is_shown_their_own(
    desk: Desk, stranger: Actor, clinician: Actor, patient: UUID, site: UUID
) -> None:
    opened = [(await desk.ask(opening(), stranger)).id for _ in range(5)][::-1]

    async def pages(actor: Actor) -> list[UUID]:
        found, cursor = [], None
        while True:
            page = await desk.ask(ListOpenings(limit=2, cursor=cursor), actor)
            found += [o.id for o in page.openings]
            if (cursor := page.next) is None:
                return found

    assert await pages(stranger) == opened
    assert await pages(at(site, Role.SITE_ADMIN)) == await pages(clinician) == []
    for actor in (at(site, Role.VIEWER), user(installation=Role.AUDITOR), user(installation=Role.ADMIN)):
        assert await desk.refused(ListOpenings(), actor) == "forbidden"


async def test_a_guess_is_recorded_as_refused(desk: Desk, stranger: Actor, patient: UUID) -> None:
    assert await desk.refused(opening("some-guess"), stranger) == "not_found"

    async def denied() -> bool:
        return any(
            fact.data.get("request") == OpenPatient.subject and fact.origin.user == stranger.user
            for fact in await desk.facts()
        )

    assert await eventually(denied)
    assert all("some-guess" not in fact.model_dump_json() for fact in await desk.facts())
