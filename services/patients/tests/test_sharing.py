"""Sharing patients with other sites."""

import asyncio
from uuid import UUID, uuid4

import pytest

from dermfolio.common.auth import Actor
from dermfolio.common.testing import at, user
from dermfolio.contracts.patients import AdmitImage, CreatePatient, GetPatient, ListPatients, MayAdmit, PatientsListed
from dermfolio.contracts.roles import Permission, Role
from dermfolio.contracts.sharing import (
    ListPatientSites,
    MaySee,
    PatientShared,
    PatientUnshared,
    SharePatient,
    UnsharePatient,
)
from dermfolio.contracts.views.patients import NewPatient
from services.patients.tests.identity import Identity
from services.patients.tests.records import Desk

pytestmark = pytest.mark.req("ORG-1")


@pytest.fixture
def admin(site: UUID) -> Actor:
    return at(site, Role.SITE_ADMIN)


@pytest.fixture
def elsewhere(identity: Identity) -> UUID:
    """Another site."""
    return identity.open("Elsewhere")


async def test_the_people_of_a_site_it_is_shared_with_see_a_patient_and_do_what_their_roles_allow(
    desk: Desk, admin: Actor, site: UUID, elsewhere: UUID
) -> None:
    patient = (await desk.make(admin, "shared")).id
    viewer, photographer = at(elsewhere, Role.VIEWER), at(elsewhere, Role.PHOTOGRAPHER)
    assert await desk.refused(GetPatient(patient=patient), viewer) == "not_found"
    sites = await desk.ask(SharePatient(patient=patient, site=elsewhere), admin)
    assert (sites.home, [s.site for s in sites.shared]) == (site, [elsewhere])
    assert (await desk.ask(GetPatient(patient=patient), viewer)).id == patient
    assert (await desk.ask(MaySee(patient=patient), viewer)).shared == [elsewhere]
    assert await desk.refused(MayAdmit(patient=patient), viewer) == "forbidden"
    assert (await desk.ask(MayAdmit(patient=patient), photographer)).site == site
    async with desk.ground.asking("images") as images:
        admitted = await images.ask(AdmitImage(patient=patient, image=uuid4()), desk.ground.call(photographer))
    assert admitted.site == site, "what is uploaded belongs to the home site"
    assert await desk.ask(ListPatientSites(patient=patient), viewer) == sites


async def test_what_is_shared_no_longer_is_as_if_it_were_not(desk: Desk, admin: Actor, elsewhere: UUID) -> None:
    patient, clinician = (await desk.make(admin, "shared")).id, at(elsewhere, Role.CLINICIAN)
    await desk.ask(SharePatient(patient=patient, site=elsewhere), admin)
    assert (await desk.ask(UnsharePatient(patient=patient, site=elsewhere), admin)).shared == []
    for request in (GetPatient(patient=patient), MaySee(patient=patient), MayAdmit(patient=patient)):
        assert await desk.refused(request, clinician) == "not_found"
    assert (await desk.ask(ListPatients(), clinician)).patients == []


async def test_only_administrators_of_the_home_site_share(
    desk: Desk, admin: Actor, site: UUID, elsewhere: UUID
) -> None:
    patient = (await desk.make(admin, "mine")).id
    request = SharePatient(patient=patient, site=elsewhere)
    for other, code in (
        (at(site, Role.CLINICIAN), "forbidden"),
        (at(elsewhere, Role.SITE_ADMIN), "not_found"),
        (user(installation=Role.ADMIN), "not_found"),
    ):
        assert await desk.refused(request, other) == code
    await desk.ask(request, admin)
    third = at(elsewhere, Role.SITE_ADMIN)
    assert await desk.refused(UnsharePatient(patient=patient, site=elsewhere), third) == "forbidden"
    assert await desk.refused(SharePatient(patient=patient, site=elsewhere), third) == "forbidden"


async def test_it_cannot_be_shared_with_a_site_that_is_not_there(desk: Desk, admin: Actor, identity: Identity) -> None:
    patient = (await desk.make(admin, "mine")).id
    assert await desk.refused(SharePatient(patient=patient, site=uuid4()), admin) == "not_found"
    assert (await desk.ask(ListPatientSites(patient=patient), admin)).shared == []


async def test_sharing_twice_and_with_the_home_site_changes_nothing(
    desk: Desk, admin: Actor, site: UUID, elsewhere: UUID, identity: Identity
) -> None:
    identity.names[site] = "Home"
    patient = (await desk.make(admin, "mine")).id
    for target in (site, elsewhere, elsewhere):
        sites = await desk.ask(SharePatient(patient=patient, site=target), admin)
    assert [s.site for s in sites.shared] == [elsewhere]
    for target in (site, elsewhere, elsewhere):
        sites = await desk.ask(UnsharePatient(patient=patient, site=target), admin)
    assert sites.shared == []
    [shared], [unshared] = await desk.said(PatientShared), await desk.said(PatientUnshared)
    for fact in (shared, unshared):
        assert (fact.data["patient"], fact.data["site"], fact.data["with_site"]) == (
            str(patient),
            str(site),
            str(elsewhere),
        )


async def test_twins_share_once(desk: Desk, admin: Actor, elsewhere: UUID) -> None:
    patient = (await desk.make(admin, "mine")).id
    request = SharePatient(patient=patient, site=elsewhere)
    answers = await asyncio.gather(*(desk.ask(request, admin) for _ in range(8)))
    assert {len(answer.shared) for answer in answers} == {1}


@pytest.mark.req("PAT-4")
async def test_pages_show_those_at_home_and_those_shared_each_once_newest_first(
    desk: Desk, admin: Actor, site: UUID, elsewhere: UUID
) -> None:
    there = at(elsewhere, Role.CLINICIAN)
    both = user(**{str(site): Role.CLINICIAN, str(elsewhere): Role.CLINICIAN})
    made = []
    for n in range(12):
        patient = (await desk.make(admin if n % 2 else there, f"patient-{n}")).id
        made.append(patient)
        if n % 4 == 1:
            await desk.ask(SharePatient(patient=patient, site=elsewhere), admin)
    newest_first = made[::-1]
    shared_there = [p for p in newest_first if made.index(p) % 4 == 1]
    at_home_there = [p for p in newest_first if made.index(p) % 2 == 0]
    visible = [p for p in newest_first if p in shared_there or p in at_home_there]
    for actor, expected in ((there, visible), (both, newest_first)):
        pages, cursor = [], None
        while True:
            page = await desk.ask(ListPatients(limit=2, cursor=cursor), actor)
            pages += [card.id for card in page.patients]
            if (cursor := page.next) is None:
                break
        assert pages == expected


@pytest.mark.req("AUD-1")
async def test_a_page_is_recorded_at_each_home_site_with_its_patients_alone(
    desk: Desk, admin: Actor, site: UUID, elsewhere: UUID
) -> None:
    there = at(elsewhere, Role.CLINICIAN)
    await desk.ask(ListPatients(), there)
    own, shared = (await desk.make(there, "own")).id, (await desk.make(admin, "shared")).id
    await desk.ask(SharePatient(patient=shared, site=elsewhere), admin)
    await desk.ask(ListPatients(), there)
    nothing, *listed = await desk.said(PatientsListed, times=3)
    assert (nothing.data["site"], nothing.data["patients"]) == (None, [])
    assert {fact.data["site"]: fact.data["patients"] for fact in listed} == {
        str(elsewhere): [str(own)],
        str(site): [str(shared)],
    }


@pytest.mark.req("PAT-1")
async def test_a_taken_unique_id_names_the_record_to_those_it_is_shared_with(
    desk: Desk, admin: Actor, elsewhere: UUID
) -> None:
    patient = (await desk.make(admin, "taken")).id
    there = at(elsewhere, Role.CLINICIAN)
    again = CreatePatient(patient=NewPatient(unique_id="taken"))
    assert await desk.refused(again, there) == "unique_id_unavailable"
    await desk.ask(SharePatient(patient=patient, site=elsewhere), admin)
    assert await desk.refused(again, there) == "unique_id_taken"


async def test_what_is_asked_for_decides_and_an_unseen_patient_is_not_found(
    desk: Desk, admin: Actor, elsewhere: UUID
) -> None:
    patient = (await desk.make(admin, "mine")).id
    await desk.ask(SharePatient(patient=patient, site=elsewhere), admin)
    asked = MaySee(patient=patient, needs=Permission.IMAGE_WRITE)
    assert await desk.refused(asked, at(elsewhere, Role.VIEWER)) == "forbidden"
    assert await desk.refused(asked, at(uuid4(), Role.PHOTOGRAPHER)) == "not_found"
    assert (await desk.ask(asked, at(elsewhere, Role.PHOTOGRAPHER))).opening is None
