"""One thin function per message about the notes of entries."""

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.host import Parts
from dermfolio.contracts.entry_notes import GetNotes, GetNotesVersion, ListNotesVersions, SaveNotes
from dermfolio.contracts.views.entry_notes import NotesHistory, NotesView
from dermfolio.patients import entry_notes


class EntryNotesHandlers:
    """What patients answers of notes."""

    def __init__(self, parts: Parts) -> None:
        self._db = parts.db
        self._reads = parts.reads

    async def get(self, request: GetNotes, call: Call) -> Answer[NotesView]:
        """Show the notes of an entry."""
        return await entry_notes.get_notes(self._db, self._reads, call, request)

    async def save(self, request: SaveNotes, call: Call) -> Answer[NotesView]:
        """Save the notes of an entry."""
        return await entry_notes.save_notes(self._db, call, request)

    async def history(self, request: ListNotesVersions, call: Call) -> NotesHistory:
        """Show who saved the notes of an entry."""
        return await entry_notes.notes_history(self._db, self._reads, call, request)

    async def version(self, request: GetNotesVersion, call: Call) -> Answer[NotesView]:
        """Show a version of the notes of an entry."""
        return await entry_notes.notes_version(self._db, self._reads, call, request)
