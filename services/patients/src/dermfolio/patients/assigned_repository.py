"""Every query about who has which tags: patients and entries, their own and those that they inherit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import col, select

from dermfolio.common.db import ReadConnection, WriteSession
from dermfolio.contracts.messages import now
from dermfolio.contracts.views.tags import AssignedTags, InheritedTag
from dermfolio.patients.models import Entry, EntryTag, HeldImage, Patient, PatientTag, PooledImage

_OWN = "SELECT tag FROM {key}_tags WHERE {key} = one.id"

_ASSIGNED = """
SELECT tags_version AS version, ARRAY({own} ORDER BY tag) AS own,
       ARRAY(SELECT (tag, count(*)::int) FROM ({inherited}) AS inherited GROUP BY tag ORDER BY tag) AS inherited
FROM {table} AS one WHERE id = $1
"""

_REFRESH = """
UPDATE {table} SET tags = in_force.tags, tags_version = tags_version + 1, last_modified = greatest(last_modified, :at)
FROM (SELECT id, ARRAY({own} UNION ({inherited}) ORDER BY tag) AS tags, ARRAY({own} ORDER BY tag) AS own
      FROM {table} AS one WHERE id = ANY(:bearers)) AS in_force
WHERE {table}.id = in_force.id AND ({table}.tags <> in_force.tags OR {table}.id = ANY(:changed))
RETURNING {table}.id AS bearer, {patient} AS patient, {table}.site, in_force.own, {table}.tags, tags_version AS version
"""

_WRONG = (
    "SELECT id FROM {table} AS one WHERE tags <> ARRAY({own} UNION ({inherited}) ORDER BY tag) ORDER BY id LIMIT $1"
)

_INHERITS = """
SELECT EXISTS (
    SELECT FROM {table} AS one CROSS JOIN LATERAL ({inherited}) AS found WHERE one.id = :bearer AND found.tag = :tag
)
"""

_IDS = ARRAY(PG_UUID())


@dataclass(frozen=True)
class Bearer:
    """A kind of thing that has tags of its own in `<key>_tags`, and inherits those of photographs."""

    table: str
    key: str
    patient: str
    """The column that says whose it is."""

    inherited: str
    """The tags of the photographs of `one`, each as often as it is there."""

    held: sa.Table = field(repr=False)
    own: sa.Table = field(repr=False)

    def sql(self, template: str) -> str:
        """A statement about this kind."""
        own = _OWN.format(key=self.key)
        return template.format(table=self.table, key=self.key, patient=self.patient, own=own, inherited=self.inherited)


def _table(model: Any) -> sa.Table:
    table: sa.Table = model.__table__
    return table


PATIENT = Bearer(
    "patients",
    "patient",
    "patients.id",
    # of a record that is merged into a patient, its photographs and the record itself hand their tags up
    "SELECT tag FROM pooled_images, unnest(pooled_images.tags) AS tag"
    " WHERE patient IN (SELECT id FROM patients AS record WHERE record.id = one.id OR record.merged_into = one.id)"
    " AND counts AND pooled_images.tags <> '{}'::uuid[]"
    " UNION ALL SELECT tag FROM patient_tags JOIN patients AS alias ON alias.id = patient_tags.patient"
    " WHERE alias.merged_into = one.id",
    _table(Patient),
    _table(PatientTag),
)
ENTRY = Bearer(
    "entries",
    "entry",
    "entries.patient",
    "SELECT tag FROM held_images JOIN pooled_images USING (image), unnest(pooled_images.tags) AS tag"
    " WHERE held_images.entry = one.id AND holds AND counts",
    _table(Entry),
    _table(EntryTag),
)


IN_FORCE = PATIENT.sql("ARRAY({own} UNION ({inherited}) ORDER BY tag)")
"""The tags that the patient `one` ought to have."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The tags of something as they are since this transaction."""

    bearer: UUID
    patient: UUID
    site: UUID
    own: list[UUID]
    tags: list[UUID]
    version: int


async def assigned(rows: ReadConnection, kind: Bearer, bearer: UUID) -> AssignedTags | None:
    """The tags of something, and where they come from."""
    found = await rows.fetchrow(kind.sql(_ASSIGNED), bearer)
    if found is None:
        return None
    inherited = [InheritedTag(tag=tag, sources=sources) for tag, sources in found["inherited"]]
    return AssignedTags(own=found["own"], inherited=inherited, version=found["version"])


async def own(s: WriteSession, kind: Bearer, bearer: UUID) -> set[UUID]:
    """The tags that something was given."""
    wanted = sa.select(kind.own.c.tag).where(kind.own.c[kind.key] == bearer)
    return set((await s.execute(wanted)).scalars())


async def inherits(s: WriteSession, kind: Bearer, bearer: UUID, tag: UUID) -> bool:
    """Whether something has a tag because a photograph has it."""
    found = await s.execute(sa.text(kind.sql(_INHERITS)), {"bearer": bearer, "tag": tag})
    return found.scalar_one() is True


async def give(s: WriteSession, kind: Bearer, bearer: UUID, tag: UUID, by: UUID) -> None:
    """Give something, which is held alone, a tag."""
    row = {kind.key: bearer, "tag": tag, "assigned_by": by, "assigned_at": now()}
    await s.execute(sa.insert(kind.own).values(row))


async def take(s: WriteSession, kind: Bearer, bearer: UUID, tag: UUID) -> None:
    """Take a tag away from something that is held alone."""
    await s.execute(sa.delete(kind.own).where(kind.own.c[kind.key] == bearer, kind.own.c.tag == tag))


async def refresh(
    s: WriteSession,
    kind: Bearer,
    bearers: Collection[UUID],
    at: datetime | None = None,
    *,
    changed: Collection[UUID] = (),
) -> list[Refreshed]:
    """Bring the tags in force of some up to their own and the inherited ones; returns those that are others, and those
    whose own ones are known to be `changed`.
    """
    named = sorted({*bearers, *(await _survivors(s, bearers) if kind is PATIENT else ())})
    # held first: the statement that counts then sees what others committed meanwhile
    hold = sa.select(kind.held.c.id).where(kind.held.c.id.in_(named)).order_by(kind.held.c.id).with_for_update()
    await s.execute(hold)
    statement = sa.text(kind.sql(_REFRESH)).bindparams(
        sa.bindparam("bearers", type_=_IDS),
        sa.bindparam("changed", type_=_IDS),
        sa.bindparam("at", type_=sa.DateTime(timezone=True)),
    )
    found = await s.execute(statement, {"bearers": named, "changed": sorted(changed), "at": at or now()})
    return [Refreshed(**row) for row in found.mappings()]


async def _survivors(s: WriteSession, patients: Collection[UUID]) -> set[UUID]:
    """The patients whom some of these are merged into: what an alias has, its survivor inherits."""
    above = select(Patient.merged_into).where(col(Patient.id).in_(patients))
    return {survivor for survivor in await s.exec(above) if survivor is not None}


async def recount(rows: ReadConnection, kind: Bearer, limit: int = 1000) -> list[UUID]:
    """Those whose tags in force are not their own and the inherited ones; `refresh` puts them right."""
    return [row["id"] for row in await rows.fetch(kind.sql(_WRONG), limit)]


async def project_image(s: WriteSession, image: UUID, patient: UUID, tags: Sequence[UUID], version: int) -> None:
    """Apply newer tags of a photograph, also of one that is not known yet."""
    row = {"image": image, "patient": patient, "counts": False, "version": 0, "tags": tags}
    new = insert(PooledImage).values(**row, tags_version=version)
    newer = {"tags": new.excluded.tags, "tags_version": new.excluded.tags_version}
    older = col(PooledImage.tags_version) < new.excluded.tags_version
    await s.execute(new.on_conflict_do_update(index_elements=["image"], set_=newer, where=older))


async def project_holding(s: WriteSession, entry: UUID, image: UUID, version: int, *, holds: bool) -> None:
    """Apply newer news of whether an entry's workspace holds a photograph."""
    new = insert(HeldImage).values(entry=entry, image=image, holds=holds, version=version)
    newer = {"holds": new.excluded.holds, "version": new.excluded.version}
    older = col(HeldImage.version) < new.excluded.version
    await s.execute(new.on_conflict_do_update(index_elements=["entry", "image"], set_=newer, where=older))


async def tagged_among(s: WriteSession, images: Collection[UUID]) -> set[UUID]:
    """Those of some photographs that have tags."""
    wanted = select(PooledImage.image).where(col(PooledImage.image).in_(images), PooledImage.tags != [])
    return set((await s.exec(wanted)).all())


async def holding(s: WriteSession, images: Collection[UUID]) -> set[UUID]:
    """The entries whose workspaces hold some of these photographs."""
    wanted = select(HeldImage.entry).where(col(HeldImage.image).in_(images), HeldImage.holds)
    return set((await s.exec(wanted.distinct())).all())
