"""Clinical entries: one visit each."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from pydantic import ValidationError

from dermfolio.common.auth import Actor
from dermfolio.common.errors import Refused
from dermfolio.common.testing import at, user
from dermfolio.contracts.entries import (
    ChangeEntry,
    CreateEntry,
    EntriesListed,
    EntryChanged,
    EntryCreated,
    EntryViewed,
    GetEntry,
    ListEntries,
)
from dermfolio.contracts.messages import now
from dermfolio.contracts.patients import GetPatient
from dermfolio.contracts.roles import Role
from dermfolio.contracts.sharing import OpenPatient, SharePatient
from dermfolio.contracts.views.entries import EntryChanges, EntryView, NewEntry
from dermfolio.contracts.views.patients import PatientView
from dermfolio.contracts.views.sharing import NewOpening
from services.patients.tests.identity import Identity
from services.patients.tests.records import Desk

pytestmark = pytest.mark.req("ENT-1")

MARCH = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)


@pytest.fixture
async def patient(desk: Desk, clinician: Actor) -> UUID:
    return (await desk.make(clinician, "derm-0001")).id


def create(
    patient: UUID, appointment: datetime | None = MARCH, id_: UUID | None = None, key: str | None = None
) -> CreateEntry:
    new = NewEntry(id=id_, appointment=appointment)
    return CreateEntry(patient=patient, entry=new, idempotency_key=key or str(uuid4()))


def change(entry: EntryView, appointment: datetime, version: int | None = None) -> ChangeEntry:
    return ChangeEntry(
        patient=entry.patient,
        entry=entry.id,
        changes=EntryChanges(appointment=appointment),
        version=version or entry.version,
    )


async def shown(desk: Desk, patient: UUID, actor: Actor) -> PatientView:
    return await desk.ask(GetPatient(patient=patient), actor)


async def timeline(desk: Desk, patient: UUID, actor: Actor, limit: int = 50) -> list[UUID]:
    """All entries, page by page."""
    found: list[UUID] = []
    cursor = None
    while True:
        page = await desk.ask(ListEntries(patient=patient, limit=limit, cursor=cursor), actor)
        found += [entry.id for entry in page.entries]
        if (cursor := page.next) is None:
            assert page.total == len(found)
            return found


async def test_an_entry_says_whose_visit_it_was_and_who_wrote_it_down(
    desk: Desk, clinician: Actor, patient: UUID, site: UUID
) -> None:
    made = await desk.ask(create(patient), clinician)
    assert (made.patient, made.site, made.appointment, made.created_by) == (patient, site, MARCH, clinician.user)
    assert (made.version, made.notes, made.notes_version) == (1, "", 0)
    assert await desk.ask(GetEntry(patient=patient, entry=made.id), at(site, Role.VIEWER)) == made
    [said] = await desk.said(EntryCreated)
    assert (said.data["entry"], said.data["patient"], said.data["site"]) == (str(made.id), str(patient), str(site))


async def test_without_an_appointment_it_is_now(desk: Desk, clinician: Actor, patient: UUID) -> None:
    before = now()
    assert before <= (await desk.ask(create(patient, None), clinician)).appointment <= now()


@pytest.mark.req("PAT-3")
async def test_the_patients_count_last_appointment_and_last_change_follow(
    desk: Desk, clinician: Actor, patient: UUID
) -> None:
    began = await shown(desk, patient, clinician)
    assert (began.entry_count, began.last_appointment) == (0, None)
    later = await desk.ask(create(patient, MARCH + timedelta(days=7)), clinician)
    earlier = await desk.ask(create(patient, MARCH), clinician)
    two = await shown(desk, patient, clinician)
    assert (two.entry_count, two.last_appointment) == (2, later.appointment)
    assert two.last_modified == earlier.last_modified > began.last_modified
    moved = await desk.ask(change(later, MARCH - timedelta(days=7)), clinician)
    now_ = await shown(desk, patient, clinician)
    assert (now_.entry_count, now_.last_appointment, now_.last_modified) == (2, MARCH, moved.last_modified)


async def test_twenty_created_at_once_are_all_counted(desk: Desk, clinician: Actor, patient: UUID) -> None:
    made = await asyncio.gather(*(desk.ask(create(patient, MARCH + timedelta(days=n)), clinician) for n in range(20)))
    assert (await shown(desk, patient, clinician)).entry_count == 20
    newest_first = [entry.id for entry in reversed(made)]
    assert await timeline(desk, patient, clinician, limit=7) == newest_first


async def test_entries_of_one_moment_are_paged_without_loss(desk: Desk, clinician: Actor, patient: UUID) -> None:
    made = {(await desk.ask(create(patient), clinician)).id for _ in range(7)}
    found = await timeline(desk, patient, clinician, limit=2)
    assert (len(found), set(found)) == (7, made)


async def test_a_cursor_belongs_to_its_patient_and_its_user(desk: Desk, clinician: Actor, site: UUID) -> None:
    first, second = [(await desk.make(clinician, f"derm-{n}")).id for n in range(2)]
    for _ in range(2):
        await desk.ask(create(first), clinician)
    cursor = (await desk.ask(ListEntries(patient=first, limit=1), clinician)).next
    assert await desk.refused(ListEntries(patient=second, cursor=cursor), clinician) == "invalid_request"
    assert await desk.refused(ListEntries(patient=first, cursor=cursor), at(site, Role.VIEWER)) == "invalid_request"


async def test_twins_make_one_entry_and_the_answer_is_as_it_is_now(desk: Desk, clinician: Actor, patient: UUID) -> None:
    asked = create(patient, key="once")
    answers = await asyncio.gather(*(desk.ask(asked, clinician) for _ in range(6)))
    assert len({answer.id for answer in answers}) == 1
    moved = await desk.ask(change(answers[0], MARCH + timedelta(days=1)), clinician)
    assert await desk.ask(asked, clinician) == moved
    assert await desk.refused(create(patient, None, key="once"), clinician) == "idempotency_key_reused"
    other = (await desk.make(clinician, "derm-0002")).id
    assert await desk.refused(create(other, key="once"), clinician) == "idempotency_key_reused"
    assert (await shown(desk, patient, clinician)).entry_count == 1
    assert len(await desk.said(EntryCreated)) == 1


async def test_the_client_may_make_the_id(desk: Desk, clinician: Actor, patient: UUID, site: UUID) -> None:
    mine = uuid4()
    made = await desk.ask(create(patient, id_=mine), clinician)
    assert made.id == mine
    assert await desk.ask(create(patient, id_=mine), clinician) == made, "repeated under another key"
    assert await desk.refused(create(patient, MARCH + timedelta(1), id_=mine), clinician) == "entry_id_used"
    assert await desk.refused(create(patient, id_=mine), at(site, Role.CLINICIAN)) == "entry_id_used"
    other = (await desk.make(clinician, "derm-0002")).id
    assert await desk.refused(create(other, id_=mine), clinician) == "not_found"
    assert (await shown(desk, other, clinician)).entry_count == 0


async def test_an_id_that_two_patients_are_given_at_once_becomes_one_entry(desk: Desk, clinician: Actor) -> None:
    patients = [(await desk.make(clinician, f"derm-{n}")).id for n in range(4)]
    for _ in range(5):
        mine = uuid4()
        asked = (desk.ask(create(patient, id_=mine), clinician) for patient in patients)
        answers = await asyncio.gather(*asked, return_exceptions=True)
        refused = [answer.code for answer in answers if isinstance(answer, Refused)]
        assert (len(answers) - len(refused), set(refused)) == (1, {"not_found"})


async def test_a_change_needs_the_version_it_is_made_to_and_nothing_is_lost(
    desk: Desk, clinician: Actor, patient: UUID
) -> None:
    made = await desk.ask(create(patient), clinician)
    asked = (desk.ask(change(made, MARCH + timedelta(hours=n)), clinician) for n in range(1, 9))
    answers = await asyncio.gather(*asked, return_exceptions=True)
    [won] = [answer for answer in answers if isinstance(answer, EntryView)]
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert {(r.code, r.facts["version"]) for r in refused} == {("stale_version", 2)}
    assert await desk.ask(GetEntry(patient=patient, entry=made.id), clinician) == won
    same = await desk.ask(change(won, won.appointment), clinician)
    assert same == won, "nothing to change changes nothing"
    [said] = await desk.said(EntryChanged)
    assert (said.data["entry"], said.data["version"]) == (str(made.id), 2)


async def test_who_may_see_does_not_thereby_change(desk: Desk, clinician: Actor, patient: UUID, site: UUID) -> None:
    made = await desk.ask(create(patient), clinician)
    for role in (Role.VIEWER, Role.PHOTOGRAPHER):
        actor = at(site, role)
        assert await timeline(desk, patient, actor) == [made.id]
        assert await desk.refused(create(patient), actor) == "forbidden"
        assert await desk.refused(change(made, now()), actor) == "forbidden"
    for stranger in (at(uuid4(), Role.SITE_ADMIN), user(installation=Role.ADMIN)):
        requests = (
            create(patient),
            change(made, now()),
            GetEntry(patient=patient, entry=made.id),
            ListEntries(patient=patient),
        )
        assert {await desk.refused(request, stranger) for request in requests} == {"not_found"}


async def test_an_entry_of_another_patient_is_none(desk: Desk, clinician: Actor, patient: UUID) -> None:
    other = (await desk.make(clinician, "derm-0002")).id
    made = await desk.ask(create(patient), clinician)
    for entry in (made.id, uuid4()):
        foreign = change(made.model_copy(update={"patient": other, "id": entry}), now())
        for actor in (clinician, at(made.site, Role.VIEWER)):
            assert await desk.refused(GetEntry(patient=other, entry=entry), actor) == "not_found"
            assert await desk.refused(foreign, actor) == "not_found"


@pytest.mark.req("ORG-8")
async def test_sharing_lets_work_and_an_emergency_lets_see(
    desk: Desk, clinician: Actor, patient: UUID, site: UUID, identity: Identity
) -> None:
    made = await desk.ask(create(patient), clinician)
    stranger = at(uuid4(), Role.CLINICIAN)
    opening = NewOpening(unique_id="derm-0001", reason="Anaphylaxis in the emergency room")
    opened = await desk.ask(OpenPatient(opening=opening, idempotency_key=str(uuid4())), stranger)
    assert await timeline(desk, patient, stranger) == [made.id]
    assert await desk.refused(create(patient), stranger) == "forbidden"
    [listed] = await desk.said(EntriesListed)
    assert (listed.data["entries"], listed.origin.opening) == ([str(made.id)], opened.id)

    elsewhere = identity.open("Elsewhere")
    await desk.ask(SharePatient(patient=patient, site=elsewhere), at(site, Role.SITE_ADMIN))
    colleague = at(elsewhere, Role.CLINICIAN)
    theirs = await desk.ask(create(patient), colleague)
    assert (theirs.site, theirs.created_by) == (site, colleague.user), "it belongs to the home site"


async def test_entries_of_a_deleted_patient_and_deleted_entries_are_none(
    desk: Desk, clinician: Actor, patient: UUID, database_url: str
) -> None:
    made, other = [await desk.ask(create(patient), clinician) for _ in range(2)]
    rows = await asyncpg.connect(database_url)
    await rows.execute("UPDATE entries SET deleted_at = now() WHERE id = $1", made.id)
    assert await timeline(desk, patient, clinician) == [other.id]
    assert await desk.refused(change(made, now()), clinician) == "not_found"
    assert await desk.refused(create(patient, id_=made.id), clinician) == "entry_id_used"
    await rows.execute("UPDATE patients SET deleted_at = now()")
    await rows.close()
    for request in (create(patient), GetEntry(patient=patient, entry=other.id), ListEntries(patient=patient)):
        assert await desk.refused(request, clinician) == "not_found"


@pytest.mark.req("AUD-1")
async def test_reading_is_recorded_with_ids_alone(desk: Desk, clinician: Actor, patient: UUID) -> None:
    made = await desk.ask(create(patient), clinician)
    await desk.ask(GetEntry(patient=patient, entry=made.id), clinician)
    [viewed] = await desk.said(EntryViewed)
    assert (viewed.data["entry"], viewed.data["patient"]) == (str(made.id), str(patient))
    assert not [fact for fact in await desk.facts() if "derm-0001" in fact.model_dump_json()]


@pytest.mark.parametrize(
    "when", ["2026-03-12T09:30:00", "1899-12-31T23:00:00Z", "2200-01-01T00:00:00Z", "soon", 1, 1e9]
)
def test_an_appointment_is_a_plausible_moment_with_its_offset(when: object) -> None:
    with pytest.raises(ValidationError):
        NewEntry.model_validate({"appointment": when})
