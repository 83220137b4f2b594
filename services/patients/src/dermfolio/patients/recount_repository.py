"""Every query of a recount: what is kept of patients, and what it comes to when it is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dermfolio.common.db import ReadConnection, WriteSession
from dermfolio.contracts.recount import KnownImage
from dermfolio.patients.assigned_repository import IN_FORCE
from dermfolio.patients.models import PooledImage

_RECORDS = "(SELECT id FROM patients AS record WHERE record.id = one.id OR record.merged_into = one.id)"

_COMPARED = f"""
SELECT id, image_count, entry_count, last_appointment, tags,
       (SELECT count(*) FROM pooled_images WHERE patient = one.id AND counts) AS own_images,
       (SELECT count(*) FROM pooled_images WHERE patient IN {_RECORDS} AND counts) AS images,
       (SELECT count(*) FROM entries WHERE patient IN {_RECORDS} AND deleted_at IS NULL) AS entries,
       (SELECT max(appointment) FROM entries WHERE patient IN {_RECORDS} AND deleted_at IS NULL) AS appointment,
       {IN_FORCE} AS in_force
FROM patients AS one
"""  # noqa: S608 - constants only
_AFTER = f"{_COMPARED} WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2"
_NAMED = f"{_COMPARED} WHERE id = ANY($1) ORDER BY id"


@dataclass(frozen=True, slots=True)
class Compared:
    """A patient: what is kept, then what it comes to."""

    id: UUID
    image_count: int
    entry_count: int
    last_appointment: datetime | None
    tags: list[UUID]
    own_images: int
    """Of this record alone: what images is asked about."""
    images: int
    entries: int
    appointment: datetime | None
    in_force: list[UUID]


async def after(rows: ReadConnection, patient: UUID | None, limit: int) -> list[Compared]:
    """The patients after an id."""
    return [Compared(**row) for row in await rows.fetch(_AFTER, patient, limit)]


async def named(rows: ReadConnection, patients: Sequence[UUID]) -> list[Compared]:
    """These patients."""
    return [Compared(**row) for row in await rows.fetch(_NAMED, patients)]


async def project(s: WriteSession, patient: UUID, images: Sequence[KnownImage]) -> set[UUID]:
    """Know images as they are; a fact of an older version changes nothing afterwards. Returns whose they were before,
    where they have been moved.
    """
    ids = [one.image for one in images]
    others = select(PooledImage.patient).where(col(PooledImage.image).in_(ids), PooledImage.patient != patient)
    before = set((await s.exec(others)).all())
    rows = [
        {
            "image": one.image,
            "patient": patient,
            "counts": one.counts,
            "version": one.version,
            "tags": one.tags,
            "tags_version": one.version,
        }
        for one in images
    ]
    new = insert(PooledImage).values(rows)
    as_they_are = {name: new.excluded[name] for name in ("patient", "counts", "version", "tags", "tags_version")}
    not_older = col(PooledImage.version) <= new.excluded.version
    await s.execute(new.on_conflict_do_update(index_elements=["image"], set_=as_they_are, where=not_older))
    return before


async def forget_others(s: WriteSession, patient: UUID, images: Sequence[UUID]) -> None:
    """A patient has no other images than these."""
    others = sa.delete(PooledImage).where(col(PooledImage.patient) == patient, col(PooledImage.image).not_in(images))
    await s.execute(others)
