"""One thin function per message about clinical entries."""

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.host import Parts
from dermfolio.contracts.entries import ChangeEntry, CreateEntry, EntrySight, GetEntry, ListEntries, MaySeeEntry
from dermfolio.contracts.views.entries import EntryPage, EntryView
from dermfolio.patients import entries


class EntryHandlers:
    """What patients answers of entries."""

    def __init__(self, parts: Parts) -> None:
        self._db = parts.db
        self._reads = parts.reads
        self._cursors = parts.cursors

    async def create(self, request: CreateEntry, call: Call) -> Answer[EntryView]:
        """Create an entry."""
        return await entries.create_entry(self._db, call, request)

    async def get(self, request: GetEntry, call: Call) -> Answer[EntryView]:
        """Show an entry."""
        return await entries.get_entry(self._db, self._reads, call, request)

    async def list(self, request: ListEntries, call: Call) -> Answer[EntryPage]:
        """Show a page of a patient's entries."""
        return await entries.list_entries(self._db, self._reads, self._cursors, call, request)

    async def change(self, request: ChangeEntry, call: Call) -> Answer[EntryView]:
        """Change an entry's header."""
        return await entries.change_entry(self._db, call, request)

    async def may_see(self, request: MaySeeEntry, call: Call) -> EntrySight:
        """Tell by what right the caller does something with an entry."""
        return await entries.may_see_entry(self._db, call, request)
