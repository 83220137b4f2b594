"""Every query of seeding."""

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import asyncpg
import sqlalchemy as sa
from sqlmodel import col, select

from dermfolio.common.db import ReadConnection, WriteSession
from dermfolio.patients import assigned_repository, entries_repository
from dermfolio.patients.assigned_repository import PATIENT
from dermfolio.patients.invented.course import Invented, Row
from dermfolio.patients.models import (
    ConsentEvent,
    DataKey,
    Entry,
    EntryTag,
    NotesVersionKept,
    Patient,
    PatientTag,
    Share,
)

_COUNT = "SELECT count(*) FROM patients WHERE unique_id >= $1 AND unique_id < $2"
_THERE = "SELECT unique_id FROM patients WHERE unique_id = ANY($1)"
_MAY_GIVE = """
SELECT count(DISTINCT tags.id) FROM tags
JOIN tag_categories AS category ON category.id = tags.category JOIN tag_scopes AS scope ON scope.id = category.scope
WHERE tags.id = ANY($2) AND (scope.site IS NULL OR scope.site = $1)
"""
_HOLD = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:batch, 0))")
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

_BELONGING = (Entry, NotesVersionKept, ConsentEvent, PatientTag, EntryTag, Share)
"""What people have, in the order in which it can be written."""


async def count(rows: ReadConnection, prefix: str) -> int:
    """How many patients have unique IDs that begin so."""
    found: int = await rows.fetchval(_COUNT, prefix, prefix + "~")  # the last sign of ASCII
    return found


async def there(rows: ReadConnection, unique_ids: Sequence[str]) -> set[str]:
    """Those of some unique IDs that are taken."""
    return {row["unique_id"] for row in await rows.fetch(_THERE, unique_ids)}


async def may_give(rows: ReadConnection, site: UUID, tags: Collection[UUID]) -> bool:
    """Whether all of these tags are the site's or the installation's."""
    return bool(await rows.fetchval(_MAY_GIVE, site, list(tags)) == len(set(tags)))


async def hold(s: WriteSession, seed: int, batch: int) -> None:
    """Let nobody else add people of a batch until this transaction ends."""
    await s.execute(_HOLD, {"batch": f"seed {seed} {batch}"})


async def there_meanwhile(s: WriteSession, unique_ids: Sequence[str]) -> set[str]:
    """Those of some unique IDs that are taken, once the batch is held."""
    return set(await s.exec(select(Patient.unique_id).where(col(Patient.unique_id).in_(unique_ids))))


async def add(s: WriteSession, people: Sequence[Invented], wrapped: Sequence[Row]) -> None:
    """Add people with all they have. Rows are copied (PostgreSQL, COPY): as statements they take four times as long."""
    pooled = await (await s.connection()).get_raw_connection()
    connection = cast("asyncpg.Connection", pooled.driver_connection)
    patients = [one.patient | {"record_numbers": _json(one.patient["record_numbers"])} for one in people]
    await _copy(connection, Patient, patients)
    await _copy(connection, DataKey, wrapped)
    for table in _BELONGING:
        name = table.__tablename__
        await _copy(connection, table, [row for one in people for row in one.rows[name]])


async def count_anew(s: WriteSession, survivors: Sequence[UUID]) -> None:
    """Bring patients whose duplicates were added up to what they have together."""
    if survivors:
        await assigned_repository.refresh(s, PATIENT, survivors, _LONG_AGO)
        await entries_repository.count_entries(s, survivors)


async def _copy(connection: asyncpg.Connection, table: Any, rows: Sequence[Row]) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    if rows:
        records = [tuple(row.get(name) for name in columns) for row in rows]
        await connection.copy_records_to_table(table.__tablename__, records=records, columns=columns)


def _json(value: Any) -> str:
    """As SQLAlchemy's codec of jsonb on this connection takes it."""
    return json.dumps(value, ensure_ascii=False)
