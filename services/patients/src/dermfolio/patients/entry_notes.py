"""The notes of an entry: saved while they are typed, merged with what others type, never overwritten (ENT-3)."""

from typing import NoReturn
from uuid import UUID

from dermfolio.common import idempotency
from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.common.reads import ReadLog
from dermfolio.contracts.entries import EntryViewed
from dermfolio.contracts.entry_notes import (
    GetNotes,
    GetNotesVersion,
    ListNotesVersions,
    NotesHistoryViewed,
    NotesSaved,
    SaveNotes,
)
from dermfolio.contracts.messages import now
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.entry_notes import NOTES_LENGTH, NotesHistory, NotesToSave, NotesView
from dermfolio.patients import entries_repository, entry_notes_repository, repository
from dermfolio.patients.entries import hold_entry
from dermfolio.patients.merging import merge
from dermfolio.patients.models import Entry
from dermfolio.patients.reach import Reach, alive


async def save_notes(db: Database, call: Call, request: SaveNotes) -> Answer[NotesView]:
    """Save notes upon the current version; answers with the notes as they are then, to a repetition too.

    Refused as `not_found`, `forbidden`, `notes_conflict` where the same paragraph was changed in two ways, or its base
    is not kept any more, and `notes_too_long` where they are only together with what others wrote.
    """
    user, key = call.user(), request.idempotency_key
    async with db.write() as s:
        entry = await hold_entry(s, call, request.patient, request.entry)
        if await idempotency.earlier_answer(s, user, key, idempotency.digest(request)) is None:
            text = await _merged(s, entry, request.notes)
            if text != entry.notes:
                await entry_notes_repository.save(s, entry, text, user, now())
                said = NotesSaved(entry=entry.id, patient=entry.patient, site=entry.site, version=entry.notes_version)
                s.say(said, call.origin())
            # the text stays in one place
            await idempotency.remember(s, user, key, str(entry.notes_version).encode())
        view = await _view(s, entry)
    return _answer(view)


async def _merged(s: WriteSession, entry: Entry, notes: NotesToSave) -> str:
    """The notes with both this change and those that were saved since its base."""
    if notes.base_version == entry.notes_version:
        return notes.text
    if notes.base_version > entry.notes_version:
        raise Refused("invalid_request", errors=[{"loc": "body.base_version", "msg": "is no version of these notes"}])
    base = await _base(s, entry, notes.base_version)
    text = None if base is None else merge(base, notes.text, entry.notes).text
    if text is None:
        await _conflict(s, entry)
    if len(text) > NOTES_LENGTH:
        raise Refused("notes_too_long")
    return text


async def _base(s: WriteSession, entry: Entry, version: int) -> str | None:
    if version == 0:
        return ""
    kept = await entry_notes_repository.kept(s, entry.id, version)
    return None if kept is None else kept.text


async def _conflict(s: WriteSession, entry: Entry) -> NoReturn:
    """Say which version stands in the way, and whose it is; its text is asked for, and recorded as read."""
    view = await _view(s, entry)
    raise Refused("notes_conflict", **view.model_dump(mode="json", include={"version", "saved_by", "saved_at"}))


async def _view(s: WriteSession, entry: Entry) -> NotesView:
    kept = await entry_notes_repository.kept(s, entry.id, entry.notes_version)
    return NotesView(
        entry=entry.id,
        text=entry.notes,
        version=entry.notes_version,
        saved_by=None if kept is None else kept.saved_by,
        saved_at=None if kept is None else kept.saved_at,
    )


async def get_notes(db: Database, reads: ReadLog, call: Call, request: GetNotes) -> Answer[NotesView]:
    """The notes of an entry. Refused as `not_found`."""
    async with db.read() as rows:
        reach = alive(await repository.reach(rows, request.patient, call.actor.user))
        reach.need(call, Permission.ENTRY_READ)
        view = await entry_notes_repository.current(rows, request.entry, [*reach.homes])
    if view is None:
        raise Refused("not_found")
    viewed = EntryViewed(entry=request.entry, patient=request.patient, site=reach.site)
    await _record(reads, call, viewed, reach)
    return _answer(view)


async def notes_history(db: Database, reads: ReadLog, call: Call, request: ListNotesVersions) -> NotesHistory:
    """The versions of an entry's notes that are kept, newest first. Refused as `not_found`."""
    async with db.read() as rows:
        reach = alive(await repository.reach(rows, request.patient, call.actor.user))
        reach.need(call, Permission.ENTRY_READ)
        whose = await entries_repository.whose(rows, request.entry, [*reach.homes])
        versions = await entry_notes_repository.history(rows, request.entry) if whose else []
    if whose is None:
        raise Refused("not_found")
    await _record(reads, call, _of_history(request.entry, request.patient, reach), reach)
    return NotesHistory(versions=versions)


async def notes_version(db: Database, reads: ReadLog, call: Call, request: GetNotesVersion) -> Answer[NotesView]:
    """One version of an entry's notes. Refused as `not_found`, also when it is not kept any more."""
    async with db.read() as rows:
        reach = alive(await repository.reach(rows, request.patient, call.actor.user))
        reach.need(call, Permission.ENTRY_READ)
        whose = await entries_repository.whose(rows, request.entry, [*reach.homes])
        view = await entry_notes_repository.version(rows, request.entry, request.version) if whose else None
    if view is None:
        raise Refused("not_found")
    await _record(reads, call, _of_history(request.entry, request.patient, reach, request.version), reach)
    return _answer(view)


def _of_history(entry: UUID, patient: UUID, reach: Reach, version: int | None = None) -> NotesHistoryViewed:
    return NotesHistoryViewed(entry=entry, patient=patient, site=reach.site, version=version)


async def _record(reads: ReadLog, call: Call, event: EntryViewed | NotesHistoryViewed, reach: Reach) -> None:
    opening = reach.needed_opening(call.actor, Permission.ENTRY_READ)
    await reads.record(event, call.origin(opening), shared=bool(reach.shared))


def _answer(view: NotesView) -> Answer[NotesView]:
    return Answer(view.model_dump_json().encode(), 200, view.version)
