"""The notes of an entry: saved while they are typed, merged, never overwritten."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from dermfolio.common.auth import Actor
from dermfolio.common.errors import Refused
from dermfolio.common.testing import at
from dermfolio.contracts.entries import CreateEntry, EntryViewed, GetEntry
from dermfolio.contracts.entry_notes import (
    GetNotes,
    GetNotesVersion,
    ListNotesVersions,
    NotesHistoryViewed,
    NotesSaved,
    SaveNotes,
)
from dermfolio.contracts.patients import GetPatient
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.entries import EntryView, NewEntry
from dermfolio.contracts.views.entry_notes import NOTES_LENGTH, NotesToSave, NotesView
from dermfolio.patients import entry_notes_repository
from services.patients.tests.records import Desk

pytestmark = pytest.mark.req("ENT-3")

LINES = "face\ntrunk\nlegs"


@pytest.fixture
async def entry(desk: Desk, clinician: Actor) -> EntryView:
    patient = (await desk.make(clinician, "derm-0001")).id
    return await desk.ask(CreateEntry(patient=patient, entry=NewEntry(), idempotency_key=str(uuid4())), clinician)


@pytest.fixture
def colleague(site: UUID) -> Actor:
    return at(site, Role.CLINICIAN)


def save(entry: EntryView, text: str, base: int, key: str | None = None) -> SaveNotes:
    notes = NotesToSave(text=text, base_version=base)
    return SaveNotes(patient=entry.patient, entry=entry.id, notes=notes, idempotency_key=key or str(uuid4()))


async def notes(desk: Desk, entry: EntryView, actor: Actor) -> NotesView:
    return await desk.ask(GetNotes(patient=entry.patient, entry=entry.id), actor)


async def versions(desk: Desk, entry: EntryView, actor: Actor) -> list[int]:
    found = await desk.ask(ListNotesVersions(patient=entry.patient, entry=entry.id), actor)
    return [version.version for version in found.versions]


async def test_what_is_saved_is_what_others_read_and_says_whose_it_is(
    desk: Desk, clinician: Actor, colleague: Actor, entry: EntryView
) -> None:
    empty = await notes(desk, entry, colleague)
    assert (empty.text, empty.version, empty.saved_by, empty.saved_at) == ("", 0, None, None)
    saved = await desk.ask(save(entry, LINES, 0), clinician)
    assert (saved.text, saved.version, saved.saved_by) == (LINES, 1, clinician.user)
    assert await notes(desk, entry, colleague) == saved
    shown = await desk.ask(GetEntry(patient=entry.patient, entry=entry.id), colleague)
    assert (shown.notes, shown.notes_version, shown.version) == (LINES, 1, entry.version)
    [said] = await desk.said(NotesSaved)
    assert said.data["version"] == 1
    assert LINES not in str(said.data)


@pytest.mark.req("PAT-3")
async def test_the_patient_was_changed_last_when_the_notes_were(desk: Desk, clinician: Actor, entry: EntryView) -> None:
    saved = await desk.ask(save(entry, LINES, 0), clinician)
    assert (await desk.ask(GetPatient(patient=entry.patient), clinician)).last_modified == saved.saved_at


async def test_different_paragraphs_changed_at_once_both_stay(
    desk: Desk, clinician: Actor, colleague: Actor, entry: EntryView
) -> None:
    await desk.ask(save(entry, LINES, 0), clinician)
    await desk.ask(save(entry, "FACE\ntrunk\nlegs", 1), clinician)
    merged = await desk.ask(save(entry, "face\ntrunk\nLEGS", 1), colleague)
    assert (merged.text, merged.version, merged.saved_by) == ("FACE\ntrunk\nLEGS", 3, colleague.user)


async def test_the_same_paragraph_changed_in_two_ways_is_for_a_person_to_decide(
    desk: Desk, clinician: Actor, colleague: Actor, entry: EntryView
) -> None:
    await desk.ask(save(entry, LINES, 0), clinician)
    theirs = await desk.ask(save(entry, "face: clear\ntrunk\nlegs", 1), clinician)
    with pytest.raises(Refused) as refused:
        await desk.ask(save(entry, "face: two naevi\ntrunk\nlegs", 1), colleague)
    assert refused.value.code == "notes_conflict"
    assert refused.value.facts == theirs.model_dump(mode="json", include={"version", "saved_by", "saved_at"})
    assert await notes(desk, entry, colleague) == theirs
    chosen = await desk.ask(save(entry, "face: clear\nface: two naevi\ntrunk\nlegs", theirs.version), colleague)
    assert chosen.version == 3


async def test_twenty_who_each_add_a_paragraph_at_once_lose_none(
    desk: Desk, clinician: Actor, colleague: Actor, entry: EntryView
) -> None:
    await desk.ask(save(entry, LINES, 0), clinician)
    who = (clinician, colleague)
    await asyncio.gather(*(desk.ask(save(entry, f"{LINES}\nadded {n}", 1), who[n % 2]) for n in range(20)))
    text = (await notes(desk, entry, clinician)).text
    assert text.startswith(LINES)
    assert sorted(text.split("\n")[3:]) == sorted(f"added {n}" for n in range(20))
    assert [fact.data["version"] for fact in await desk.said(NotesSaved, times=21)] == [*range(1, 22)]


async def test_a_save_that_is_repeated_because_its_answer_was_lost_has_one_effect(
    desk: Desk, clinician: Actor, colleague: Actor, entry: EntryView
) -> None:
    request = save(entry, "new", 0)
    once = await asyncio.gather(*(desk.ask(request, clinician) for _ in range(5)))
    assert {(view.text, view.version) for view in once} == {("new", 1)}
    await desk.ask(save(entry, "new\nmore", 1), colleague)
    later = await desk.ask(request, clinician)
    assert (later.text, later.version) == ("new\nmore", 2), "the notes as they are by then"
    other = save(entry, "other", 0, request.idempotency_key)
    assert await desk.refused(other, clinician) == "idempotency_key_reused"


async def test_what_changes_nothing_makes_no_version(desk: Desk, clinician: Actor, entry: EntryView) -> None:
    await desk.ask(save(entry, LINES, 0), clinician)
    for request in (save(entry, LINES, 1), save(entry, LINES, 0), save(entry, "", 0)):
        assert (await desk.ask(request, clinician)).version == 1
    assert len(await desk.said(NotesSaved)) == 1


async def test_earlier_versions_are_readable_and_restored_by_saving_them(
    desk: Desk, clinician: Actor, colleague: Actor, entry: EntryView
) -> None:
    first = await desk.ask(save(entry, "first", 0), clinician)
    await desk.ask(save(entry, "second", 1), colleague)
    found = (await desk.ask(ListNotesVersions(patient=entry.patient, entry=entry.id), clinician)).versions
    assert [(one.version, one.saved_by) for one in found] == [(2, colleague.user), (1, clinician.user)]
    earlier = await desk.ask(GetNotesVersion(patient=entry.patient, entry=entry.id, version=1), colleague)
    assert earlier == first
    assert (await desk.ask(save(entry, earlier.text, 2), colleague)).text == "first"
    assert [fact.data["version"] for fact in await desk.said(NotesHistoryViewed, times=2)] == [None, 1]


async def test_of_older_versions_those_are_kept_that_somebody_left_standing(
    desk: Desk, clinician: Actor, colleague: Actor, entry: EntryView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry_notes_repository, "NEWEST_KEPT", 3)
    for n in range(4):
        await desk.ask(save(entry, f"{n}", n), clinician)
    await desk.ask(save(entry, "4", 4), colleague)
    for n in range(5, 9):
        await desk.ask(save(entry, f"{n}", n), clinician)
    assert await versions(desk, entry, clinician) == [9, 8, 7, 5, 4], "whom another replaced, and the newest three"
    assert await desk.refused(save(entry, "far behind", 1), clinician) == "notes_conflict"
    monkeypatch.setattr(entry_notes_repository, "SITTING", timedelta(0))
    for n in range(9, 12):
        await desk.ask(save(entry, f"{n}", n), clinician)
    assert await versions(desk, entry, clinician) == [12, 11, 10, 9, 8, 7, 5, 4], (
        "who waits that long leaves it standing"
    )
    monkeypatch.setattr(entry_notes_repository, "MOST_KEPT", 4)
    await desk.ask(save(entry, "12", 12), clinician)
    assert await versions(desk, entry, clinician) == [13, 12, 11, 10]


async def test_who_may_not_write_entries_saves_nothing(desk: Desk, entry: EntryView, site: UUID) -> None:
    for role in (Role.VIEWER, Role.PHOTOGRAPHER):
        assert await desk.refused(save(entry, "x", 0), at(site, role)) == "forbidden"
    stranger = at(uuid4(), Role.CLINICIAN)
    asked = {"patient": entry.patient, "entry": entry.id}
    for request in (
        save(entry, "x", 0),
        GetNotes(**asked),
        ListNotesVersions(**asked),
        GetNotesVersion(**asked, version=1),
    ):
        assert await desk.refused(request, stranger) == "not_found"


async def test_notes_of_no_entry_are_not_found(desk: Desk, clinician: Actor, entry: EntryView) -> None:
    other = (await desk.make(clinician, "derm-0002")).id
    for patient, id_ in ((other, entry.id), (entry.patient, uuid4())):
        asked = {"patient": patient, "entry": id_}
        wrong = entry.model_copy(update={"patient": patient, "id": id_})
        for request in (save(wrong, "x", 0), GetNotes(**asked), ListNotesVersions(**asked)):
            assert await desk.refused(request, clinician) == "not_found"
    assert (
        await desk.refused(GetNotesVersion(patient=entry.patient, entry=entry.id, version=7), clinician) == "not_found"
    )


async def test_a_base_that_is_yet_to_come_is_a_mistake(desk: Desk, clinician: Actor, entry: EntryView) -> None:
    assert await desk.refused(save(entry, "x", 1), clinician) == "invalid_request"


async def test_notes_that_merging_makes_too_long_are_refused_and_nothing_is_lost(
    desk: Desk, clinician: Actor, colleague: Actor, entry: EntryView
) -> None:
    most = "x" * (NOTES_LENGTH - 10)
    await desk.ask(save(entry, most, 0), clinician)
    assert await desk.refused(save(entry, "y" * 20, 0), colleague) == "notes_too_long"
    assert (await notes(desk, entry, clinician)).text == most


@pytest.mark.parametrize("text", ["x" * (NOTES_LENGTH + 1), "a\x00b", "a\x1bb", "a\ud800b"])
def test_text_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        NotesToSave(text=text, base_version=0)


async def test_reading_notes_is_recorded_as_reading_the_entry(
    desk: Desk, clinician: Actor, colleague: Actor, entry: EntryView
) -> None:
    await notes(desk, entry, colleague)
    [fact] = await desk.said(EntryViewed)
    assert fact.data["entry"] == str(entry.id)
