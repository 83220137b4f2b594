"""What patients answers and says of clinical entries (ENT-1)."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from dermfolio.contracts.messages import Action, Event, Request
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.sharing import Sight
from dermfolio.contracts.views.entries import EntryChanges, EntryPage, EntryView, NewEntry


class EntrySight(Sight):
    """By what right the actor sees an entry, and whose it is."""

    patient: UUID
    """The patient under whom the entry was created."""

    patients: list[UUID]
    """The patients who are this one: whatever of them belongs to the entry's patient too."""


class MaySeeEntry(Request[EntrySight]):
    """May the actor do all of this with an entry of this patient? Asked before what belongs to the entry is shown or
    changed; shows nothing itself, so it is not recorded.
    """

    subject = "rpc.patients.entry_sight"
    patient: UUID
    entry: UUID
    needs: list[Permission] = Field([Permission.ENTRY_READ], min_length=1)


class CreateEntry(Request[EntryView]):
    """Create an entry of a patient."""

    subject = "rpc.patients.create_entry"
    patient: UUID
    entry: NewEntry
    idempotency_key: str = Field(max_length=200)


class GetEntry(Request[EntryView]):
    """One entry of a patient; recorded as a read."""

    subject = "rpc.patients.get_entry"
    patient: UUID
    entry: UUID


class ListEntries(Request[EntryPage]):
    """A page of a patient's entries, latest appointment first; one record lists the entries shown."""

    subject = "rpc.patients.entries"
    patient: UUID
    limit: int = Field(50, ge=1, le=100)
    cursor: str | None = None


class ChangeEntry(Request[EntryView]):
    """Change the header of an entry that is still at this version."""

    subject = "rpc.patients.change_entry"
    repeatable = False
    patient: UUID
    entry: UUID
    changes: EntryChanges
    version: int


class AboutEntry(Event):
    """A fact about one entry."""

    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "entry"
    entry: UUID


class EntryCreated(AboutEntry):
    """A patient has another entry, and with it another count and perhaps another last appointment."""

    subject = "evt.patients.entry_created"
    action: ClassVar[Action] = "C"
    version: int


class EntryChanged(AboutEntry):
    """The header of an entry changed; `version` counts these changes."""

    subject = "evt.patients.entry_changed"
    version: int


class EntryViewed(AboutEntry):
    """Somebody opened an entry."""

    subject = "evt.patients.entry_viewed"
    action: ClassVar[Action] = "R"


class EntriesListed(Event):
    """Somebody was shown a page of a patient's entries."""

    subject = "evt.patients.entries_listed"
    action: ClassVar[Action] = "R"
    about: ClassVar[str] = "patient"
    entries: list[UUID]


ASKED: tuple[type[Request[Any]], ...] = (CreateEntry, GetEntry, ListEntries, ChangeEntry)
"""What patients answers of this to users."""

SAID = (EntryCreated, EntryChanged, EntryViewed, EntriesListed)
"""What patients says of this."""
