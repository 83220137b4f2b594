"""Patients are given tags, of the installation and of their home site."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from dermfolio.common.auth import Actor
from dermfolio.common.testing import at
from dermfolio.contracts.entries import CreateEntry, GetEntry, ListEntries
from dermfolio.contracts.patients import GetPatient, ListPatients
from dermfolio.contracts.roles import Permission, Role
from dermfolio.contracts.sharing import OpenPatient, SharePatient
from dermfolio.contracts.tags import (
    ChangeTag,
    ChangeTagCategory,
    EntryTagged,
    GetEntryTags,
    GetPatientTags,
    PatientTagged,
    PatientTagsViewed,
    TagEntry,
    TagPatient,
    UntagEntry,
    UntagPatient,
)
from dermfolio.contracts.views.entries import NewEntry
from dermfolio.contracts.views.patients import PatientView
from dermfolio.contracts.views.sharing import NewOpening
from dermfolio.contracts.views.tags import TagCategoryChanges, TagChanges
from dermfolio.patients import tagging
from services.patients.tests.identity import Identity
from services.patients.tests.records import Desk
from services.patients.tests.test_tag_catalogue import ADMIN, Catalogue

pytestmark = pytest.mark.req("TAG-2")


@pytest.fixture
def catalogue(desk: Desk) -> Catalogue:
    return Catalogue(desk)


@pytest.fixture
def site(identity: Identity) -> UUID:
    return identity.open("Bern")


@pytest.fixture
async def patient(desk: Desk, clinician: Actor) -> PatientView:
    return await desk.make(clinician, "with-tags")


@pytest.fixture
async def wide(catalogue: Catalogue) -> UUID:
    """A tag of the installation."""
    return (await catalogue.tag((await catalogue.category("Diagnosis")).id, "Naevus")).id


@pytest.fixture
async def local(catalogue: Catalogue, site: UUID) -> UUID:
    """A tag of the patient's home site."""
    chief = at(site, Role.SITE_ADMIN)
    return (await catalogue.tag((await catalogue.category("Study", chief, site)).id, "Arm A", chief)).id


async def test_a_patient_has_the_tags_that_it_is_given(
    desk: Desk, clinician: Actor, patient: PatientView, wide: UUID, local: UUID
) -> None:
    for tag in (wide, local, wide):
        given = await desk.ask(TagPatient(patient=patient.id, tag=tag), clinician)
    assert (sorted(given.own), given.inherited, given.version) == (sorted((wide, local)), [], 2)
    view = await desk.ask(GetPatient(patient=patient.id), clinician)
    assert view.tags == sorted((wide, local))
    assert view.last_modified > patient.last_modified
    [card] = (await desk.ask(ListPatients(), clinician)).patients
    assert (card.tags, card.last_modified) == (view.tags, view.last_modified)
    for _ in range(2):
        left = await desk.ask(UntagPatient(patient=patient.id, tag=wide), clinician)
        assert (left.own, left.version) == ([local], 3)
    assert await desk.ask(GetPatientTags(patient=patient.id), clinician) == left
    said = await desk.said(PatientTagged, times=3)
    assert [(fact.data["version"], len(fact.data["own"]), len(fact.data["tags"])) for fact in said] == [
        (1, 1, 1),
        (2, 2, 2),
        (3, 1, 1),
    ]
    assert {fact.origin.user for fact in said} == {clinician.user}
    [viewed] = await desk.said(PatientTagsViewed)
    assert viewed.data["patient"] == str(patient.id)


async def test_a_retired_tag_stays_and_is_not_given_any_more(
    desk: Desk, clinician: Actor, patient: PatientView, wide: UUID, local: UUID, catalogue: Catalogue
) -> None:
    await desk.ask(TagPatient(patient=patient.id, tag=wide), clinician)
    await desk.ask(ChangeTag(tag=wide, changes=TagChanges(retired=True), version=1), ADMIN)
    [category] = (await catalogue.all(site=patient.site)).categories
    retire = ChangeTagCategory(category=category.id, changes=TagCategoryChanges(retired=True), version=1)
    await desk.ask(retire, ADMIN)
    again = await desk.ask(TagPatient(patient=patient.id, tag=wide), clinician)
    assert again.own == [wide]
    assert await desk.refused(TagPatient(patient=patient.id, tag=local), clinician) == "tag_retired"
    await desk.ask(UntagPatient(patient=patient.id, tag=wide), clinician)
    assert await desk.refused(TagPatient(patient=patient.id, tag=wide), clinician) == "tag_retired"


async def test_tags_of_sites_do_not_mix(
    desk: Desk, clinician: Actor, patient: PatientView, identity: Identity, catalogue: Catalogue, local: UUID
) -> None:
    elsewhere = identity.open("Basel")
    chief = at(elsewhere, Role.SITE_ADMIN)
    foreign = (await catalogue.tag((await catalogue.category("Study", chief, elsewhere)).id, "Arm A", chief)).id
    both = replace(clinician, site_roles={**clinician.site_roles, elsewhere: frozenset({Role.CLINICIAN})})
    assert await desk.refused(TagPatient(patient=patient.id, tag=foreign), both) == "tag_of_another_site"
    # not even where the patient is shared: what belongs to the record is of its home
    await desk.ask(SharePatient(patient=patient.id, site=elsewhere), at(patient.site, Role.SITE_ADMIN))
    visitor = at(elsewhere, Role.CLINICIAN)
    assert await desk.refused(TagPatient(patient=patient.id, tag=foreign), visitor) == "tag_of_another_site"
    assert (await desk.ask(TagPatient(patient=patient.id, tag=local), visitor)).own == [local]


async def test_who_may_not_is_told_no_more_than_they_may_know(
    desk: Desk, site: UUID, patient: PatientView, wide: UUID, clinician: Actor
) -> None:
    give, take = TagPatient(patient=patient.id, tag=wide), UntagPatient(patient=patient.id, tag=wide)
    stranger = at(uuid4(), Role.CLINICIAN)
    token = replace(clinician, scopes=frozenset({Permission.PATIENT_READ}))
    for actor, code in ((at(site, Role.VIEWER), "forbidden"), (stranger, "not_found"), (token, "forbidden")):
        assert [await desk.refused(asked, actor) for asked in (give, take)] == [code] * 2
    opening = NewOpening(unique_id=patient.unique_id, reason="Anaphylaxis in the emergency room")
    await desk.ask(OpenPatient(opening=opening, idempotency_key="once"), stranger)
    assert await desk.refused(give, stranger) == "forbidden"
    assert (await desk.ask(GetPatientTags(patient=patient.id), stranger)).own == []
    assert await desk.refused(TagPatient(patient=patient.id, tag=uuid4()), clinician) == "not_found"


async def test_a_patient_has_so_many_and_no_more(
    desk: Desk, clinician: Actor, patient: PatientView, wide: UUID, local: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tagging, "ASSIGNED_AT_MOST", 1)
    await desk.ask(TagPatient(patient=patient.id, tag=wide), clinician)
    assert await desk.refused(TagPatient(patient=patient.id, tag=local), clinician) == "too_many_tags"


@pytest.fixture
async def entry(desk: Desk, clinician: Actor, patient: PatientView) -> UUID:
    return (await desk.ask(CreateEntry(patient=patient.id, entry=NewEntry(), idempotency_key="once"), clinician)).id


async def test_an_entry_has_the_tags_that_it_is_given_and_its_patient_has_them_not(
    desk: Desk, clinician: Actor, patient: PatientView, entry: UUID, wide: UUID, local: UUID
) -> None:
    before = await desk.ask(GetPatient(patient=patient.id), clinician)
    about = {"patient": patient.id, "entry": entry}
    for tag in (wide, local, wide):
        given = await desk.ask(TagEntry(**about, tag=tag), clinician)
    assert (sorted(given.own), given.inherited, given.version) == (sorted((wide, local)), [], 2)
    assert (await desk.ask(GetEntry(**about), clinician)).tags == sorted((wide, local))
    [card] = (await desk.ask(ListEntries(patient=patient.id), clinician)).entries
    assert card.tags == sorted((wide, local))
    after = await desk.ask(GetPatient(patient=patient.id), clinician)
    assert (after.tags, after.version) == ([], before.version)
    assert after.last_modified > before.last_modified
    left = await desk.ask(UntagEntry(**about, tag=wide), clinician)
    assert await desk.ask(GetEntryTags(**about), clinician) == left
    assert left.own == [local]
    said = await desk.said(EntryTagged, times=3)
    assert [(fact.data["entry"], fact.data["version"]) for fact in said] == [(str(entry), n) for n in (1, 2, 3)]


async def test_an_entry_is_tagged_by_those_who_may_and_under_its_own_patient(
    desk: Desk, site: UUID, clinician: Actor, patient: PatientView, entry: UUID, wide: UUID
) -> None:
    other = await desk.make(clinician, "another")
    for kind in (TagEntry, UntagEntry):
        asked = kind(patient=patient.id, entry=entry, tag=wide)
        assert await desk.refused(asked, at(site, Role.VIEWER)) == "forbidden"
        assert await desk.refused(asked, at(uuid4(), Role.CLINICIAN)) == "not_found"
        assert await desk.refused(kind(patient=other.id, entry=entry, tag=wide), clinician) == "not_found"
        assert await desk.refused(kind(patient=patient.id, entry=uuid4(), tag=wide), clinician) == "not_found"
    assert await desk.refused(GetEntryTags(patient=other.id, entry=entry), clinician) == "not_found"
    assert (await desk.ask(TagEntry(patient=patient.id, entry=entry, tag=wide), at(site, Role.PHOTOGRAPHER))).own
