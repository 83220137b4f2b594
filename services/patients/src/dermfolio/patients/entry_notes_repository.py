"""Every query about the notes of entries. Who asks has shown before that they may see the patient."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from dermfolio.common.db import ReadConnection, WriteSession
from dermfolio.contracts.views.entry_notes import NotesVersion, NotesView
from dermfolio.patients.models import Entry, NotesVersionKept, Patient

NEWEST_KEPT = 50
"""Versions that are all kept: what somebody is typing goes back to one of them."""

SITTING = timedelta(minutes=10)
"""Of older ones, those that the same person replaced sooner than this are not kept: nobody left them standing."""

MOST_KEPT = 500

_CURRENT = """
SELECT id AS entry, notes AS text, notes_version AS version, saved_by, saved_at
FROM entries LEFT JOIN entry_notes_versions AS kept ON kept.entry = entries.id AND kept.version = notes_version
WHERE id = $1 AND patient = ANY($2) AND deleted_at IS NULL
"""

_HISTORY = """
SELECT version, saved_by, saved_at FROM entry_notes_versions WHERE entry = $1 ORDER BY version DESC
"""

_VERSION = """
SELECT entry, text, version, saved_by, saved_at FROM entry_notes_versions WHERE entry = $1 AND version = $2
"""

_PRUNE = sa.text("""
DELETE FROM entry_notes_versions AS old WHERE entry = :entry AND (
    version = :leaving AND EXISTS (
        SELECT FROM entry_notes_versions AS next
        WHERE next.entry = old.entry AND next.version = old.version + 1
        AND next.saved_by = old.saved_by AND next.saved_at < old.saved_at + :sitting
    ) OR version <= (
        SELECT version FROM entry_notes_versions WHERE entry = :entry ORDER BY version DESC OFFSET :most LIMIT 1
    )
)
""")


async def current(rows: ReadConnection, entry: UUID, records: Sequence[UUID]) -> NotesView | None:
    """The notes of an entry of a patient with these records."""
    found = await rows.fetchrow(_CURRENT, entry, records)
    return None if found is None else NotesView(**found)


async def history(rows: ReadConnection, entry: UUID) -> list[NotesVersion]:
    """The versions that are kept, newest first."""
    return [NotesVersion(**row) for row in await rows.fetch(_HISTORY, entry)]


async def version(rows: ReadConnection, entry: UUID, number: int) -> NotesView | None:
    """One version, if it is kept."""
    found = await rows.fetchrow(_VERSION, entry, number)
    return None if found is None else NotesView(**found)


async def kept(s: WriteSession, entry: UUID, number: int) -> NotesVersionKept | None:
    """One version, if it is kept, of an entry that is held."""
    return (
        await s.exec(
            select(NotesVersionKept).where(NotesVersionKept.entry == entry, NotesVersionKept.version == number)
        )
    ).first()


async def save(s: WriteSession, entry: Entry, text: str, by: UUID, at: datetime) -> None:
    """Give an entry that is held, with its patient, other notes; of earlier versions keep what the rules above say."""
    entry.notes, entry.notes_version, entry.last_modified = text, entry.notes_version + 1, at
    s.add(entry)
    await s.flush()
    s.add(NotesVersionKept(entry=entry.id, version=entry.notes_version, text=text, saved_by=by, saved_at=at))
    await s.flush()
    leaving = entry.notes_version - NEWEST_KEPT
    await s.execute(_PRUNE, {"entry": entry.id, "leaving": leaving, "sitting": SITTING, "most": MOST_KEPT})
    modified = {"last_modified": sa.func.greatest(Patient.last_modified, at)}
    survivor = select(Patient.merged_into).where(Patient.id == entry.patient).scalar_subquery()
    theirs = sa.or_(col(Patient.id) == entry.patient, col(Patient.id) == survivor)
    await s.execute(sa.update(Patient).where(theirs).values(modified))
