"""Every query of registration. Who asks has shown before that they may see the entry and its patient."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dermfolio.common.db import ReadConnection, WriteSession
from dermfolio.common.page_sql import instant
from dermfolio.registration.models import Comparison, Hold

_ENTRIES = 0x656E7472
"""The class of advisory locks that stand for entries ("entr")."""

_VIEW = f"""json_build_object('id', id, 'entry', entry, 'patient', patient, 'name', name, 'images', images,
    'reference', reference, 'version', version, 'created_by', created_by, 'created_at', {instant("created_at")},
    'changed_by', changed_by, 'changed_at', {instant("changed_at")})"""

_ONE = f"""
SELECT version, {_VIEW}::text AS body FROM comparisons WHERE id = $1 AND entry = $2 AND deleted_at IS NULL
"""  # noqa: S608 - constants only

_ALL = f"""
SELECT id, {_VIEW}::text AS body FROM comparisons WHERE entry = $1 AND deleted_at IS NULL ORDER BY created_at, id
"""  # noqa: S608 - constants only


async def view(rows: ReadConnection, comparison: UUID, entry: UUID) -> tuple[int, str] | None:
    """(version, JSON of ComparisonView) of a comparison of an entry."""
    found = await rows.fetchrow(_ONE, comparison, entry)
    return None if found is None else (found["version"], found["body"])


async def views(rows: ReadConnection, entry: UUID) -> list[tuple[UUID, str]]:
    """(id, JSON of ComparisonView) of each comparison of an entry, the oldest first."""
    return [(row["id"], row["body"]) for row in await rows.fetch(_ALL, entry)]


async def by_id(s: WriteSession, comparison: UUID) -> Comparison | None:
    """A comparison, deleted or not."""
    return (await s.exec(select(Comparison).where(Comparison.id == comparison))).first()


async def held(s: WriteSession, comparison: UUID) -> Comparison:
    """A comparison that there is, deleted or not, held until the transaction ends; rows stay for ever."""
    return (await s.exec(select(Comparison).where(Comparison.id == comparison).with_for_update())).one()


async def hold_entry(s: WriteSession, entry: UUID) -> None:
    """Hold the number of an entry's comparisons until the transaction ends. It is held before any comparison is."""
    number = int.from_bytes(entry.bytes[-4:], "big", signed=True)
    await s.execute(sa.select(sa.func.pg_advisory_xact_lock(_ENTRIES, number)))


async def count(s: WriteSession, entry: UUID) -> int:
    """How many comparisons an entry has."""
    counting = sa.select(sa.func.count()).select_from(Comparison)
    of_entry = counting.where(col(Comparison.entry) == entry, col(Comparison.deleted_at).is_(None))
    return int((await s.execute(of_entry)).scalar_one())


async def take_hold(s: WriteSession, hold: UUID) -> bool:
    """Have what this transaction writes be what a hold is for; False where it was given up."""
    taken = sa.delete(Hold).where(col(Hold.id) == hold).returning(col(Hold.id))
    return (await s.execute(taken)).first() is not None


async def give_up(s: WriteSession, hold: UUID) -> Hold | None:
    """Forget a hold that no comparison has; None where one has it, or it is forgotten already."""
    found = (await s.exec(select(Hold).where(Hold.id == hold).with_for_update())).first()
    if found is not None:
        await s.delete(found)
    return found


async def holds_before(rows: ReadConnection, before: datetime) -> Sequence[UUID]:
    """The holds that were asked for before a moment and belong to no comparison."""
    return [row["id"] for row in await rows.fetch("SELECT id FROM holds WHERE asked_at < $1", before)]


async def add(s: WriteSession, comparison: Comparison) -> bool:
    """Write a new comparison; False where there is one of this id."""
    row = insert(Comparison).values(comparison.model_dump()).on_conflict_do_nothing().returning(col(Comparison.id))
    return (await s.execute(row)).first() is not None
