"""Every query about clinical entries. Who asks has shown before that they may see the patient."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from dermfolio.common.db import ReadConnection, WriteSession
from dermfolio.common.page_sql import begin, instant
from dermfolio.patients.models import Entry, Patient

_CARD = f"""'id', id, 'patient', patient, 'site', site, 'appointment', {instant("appointment")},
    'created_by', created_by, 'created_at', {instant("created_at")}, 'last_modified', {instant("last_modified")},
    'tags', tags, 'version', version"""

_VIEW = f"""
SELECT patient, version, json_build_object({_CARD}, 'notes', notes, 'notes_version', notes_version)::text AS body
FROM entries WHERE id = $1 AND patient = ANY($2) AND deleted_at IS NULL
"""  # noqa: S608 - constants only

_TIMELINE = f"""
SELECT id, patient, appointment, json_build_object({_CARD})::text AS card FROM entries
WHERE patient = ANY($1) AND deleted_at IS NULL AND (appointment, id) < {begin("$2", "$3")}
ORDER BY appointment DESC, id DESC LIMIT $4
"""  # noqa: S608 - constants only

_COUNT = "SELECT count(*) FROM entries WHERE patient = ANY($1) AND deleted_at IS NULL"
_WHOSE = "SELECT patient FROM entries WHERE id = $1 AND patient = ANY($2) AND deleted_at IS NULL"


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the timeline: its sort key, and its EntryCard as JSON."""

    id: UUID
    patient: UUID
    appointment: datetime
    card: str


async def view(rows: ReadConnection, entry: UUID, records: Sequence[UUID]) -> tuple[UUID, int, str] | None:
    """(whose it is, version of the header, JSON of EntryView) of an entry of a patient with these records."""
    found = await rows.fetchrow(_VIEW, entry, records)
    return None if found is None else (found["patient"], found["version"], found["body"])


async def timeline(
    rows: ReadConnection, records: Sequence[UUID], behind: tuple[datetime | None, UUID | None], limit: int
) -> tuple[int, list[Line]]:
    """(how many entries there are, those of one page, latest appointment first)."""
    found = await rows.fetch(_TIMELINE, records, *behind, limit)
    total = await rows.fetchval(_COUNT, records)
    return int(total), [Line(**row) for row in found]


async def whose(rows: ReadConnection, entry: UUID, records: Sequence[UUID]) -> UUID | None:
    """The one of these records that has this entry."""
    found: UUID | None = await rows.fetchval(_WHOSE, entry, records)
    return found


async def by_id(s: WriteSession, entry: UUID) -> Entry | None:
    """An entry, of whatever patient and also a deleted one."""
    return (await s.exec(select(Entry).where(Entry.id == entry))).first()


async def held(s: WriteSession, entry: UUID, records: Sequence[UUID]) -> Entry | None:
    """An entry of a patient with these records, held until this transaction ends. The patient is held before it, never
    after.
    """
    wanted = select(Entry).where(Entry.id == entry, col(Entry.patient).in_(records), col(Entry.deleted_at).is_(None))
    return (await s.exec(wanted.with_for_update())).first()


async def add(s: WriteSession, entry: Entry) -> None:
    """Add an entry."""
    s.add(entry)
    await s.flush()


async def count_entries(s: WriteSession, patients: Sequence[UUID], at: datetime | None = None) -> None:
    """Count the entries of patients anew, who are held alone, and find their last appointments (PAT-3); `at`: when
    something of theirs was changed. Of an alias the survivor is counted anew too, whose figures are of all its records.
    """
    record, alias = aliased(Patient), aliased(Patient)
    same = sa.or_(col(record.id) == Patient.id, col(record.merged_into) == Patient.id)
    records = select(record.id).where(same).correlate(Patient)
    theirs = sa.and_(col(Entry.patient).in_(records), col(Entry.deleted_at).is_(None))
    survivors = select(alias.merged_into).where(col(alias.id).in_(patients))
    values: dict[str, sa.ColumnElement[Any]] = {
        "entry_count": sa.select(sa.func.count()).select_from(Entry).where(theirs).scalar_subquery(),
        "last_appointment": sa.select(sa.func.max(Entry.appointment)).where(theirs).scalar_subquery(),
    }
    if at is not None:
        values["last_modified"] = sa.func.greatest(Patient.last_modified, at)
    concerned = sa.or_(col(Patient.id).in_(patients), col(Patient.id).in_(survivors))
    await s.execute(sa.update(Patient).where(concerned).values(values))


async def touch(s: WriteSession, entry: UUID, patient: UUID, at: datetime) -> None:
    """Note that something of an entry was changed, and so of its patient."""
    survivor = select(Patient.merged_into).where(Patient.id == patient).scalar_subquery()
    theirs = sa.or_(col(Patient.id) == patient, col(Patient.id) == survivor)
    for table, rows in ((Patient, theirs), (Entry, col(Entry.id) == entry)):
        latest = sa.func.greatest(table.last_modified, at)
        await s.execute(sa.update(table).where(rows).values(last_modified=latest))
