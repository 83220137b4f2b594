"""What patients answers and says of the notes of entries (ENT-3)."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from dermfolio.contracts.entries import AboutEntry
from dermfolio.contracts.messages import Action, Request
from dermfolio.contracts.views.entry_notes import NotesHistory, NotesToSave, NotesView


class GetNotes(Request[NotesView]):
    """The notes of an entry; recorded as a read of the entry."""

    subject = "rpc.patients.notes"
    patient: UUID
    entry: UUID


class SaveNotes(Request[NotesView]):
    """Save notes, merged with what others saved since their base. The same key again has no further effect."""

    subject = "rpc.patients.save_notes"
    patient: UUID
    entry: UUID
    notes: NotesToSave
    idempotency_key: str = Field(max_length=200)


class ListNotesVersions(Request[NotesHistory]):
    """The versions of an entry's notes that are kept."""

    subject = "rpc.patients.notes_versions"
    patient: UUID
    entry: UUID


class GetNotesVersion(Request[NotesView]):
    """One version of an entry's notes."""

    subject = "rpc.patients.notes_version"
    patient: UUID
    entry: UUID
    version: int


class NotesSaved(AboutEntry):
    """The notes of an entry have another version."""

    subject = "evt.patients.notes_saved"
    version: int


class NotesHistoryViewed(AboutEntry):
    """Somebody was shown who saved an entry's notes, or the text of an earlier version."""

    subject = "evt.patients.notes_history_viewed"
    action: ClassVar[Action] = "R"
    version: int | None = None


ASKED: tuple[type[Request[Any]], ...] = (GetNotes, SaveNotes, ListNotesVersions, GetNotesVersion)
"""What patients answers of this to users."""

SAID = (NotesSaved, NotesHistoryViewed)
"""What patients says of this."""
