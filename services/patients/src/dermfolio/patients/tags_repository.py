"""Every query about tags: which there are, who has them, and what is inherited."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from dermfolio.common.db import ReadConnection, WriteSession
from dermfolio.contracts.messages import now
from dermfolio.contracts.views.tags import AssignedTags, InheritedTag
from dermfolio.patients.models import Patient, PatientTag, PooledImage, Tag, TagCategory, TagScope

_LIST = """
SELECT scope.version, json_build_object('site', scope.site, 'version', scope.version, 'categories', coalesce((
    SELECT json_agg(json_build_object(
        'id', category.id, 'site', scope.site, 'name', category.name, 'colour', category.colour,
        'retired', category.retired, 'version', category.version, 'tags', coalesce((
            SELECT json_agg(json_build_object(
                'id', tags.id, 'name', tags.name, 'retired', tags.retired, 'version', tags.version
            ) ORDER BY tags.position, tags.id) FROM tags WHERE tags.category = category.id
        ), '[]')
    ) ORDER BY category.position, category.id) FROM tag_categories AS category WHERE category.scope = scope.id
), '[]'))::text AS body
FROM tag_scopes AS scope WHERE scope.site IS NOT DISTINCT FROM $1
"""

_KNOWN = """
SELECT scope.site, tags.retired OR category.retired AS retired
FROM tags JOIN tag_categories AS category ON category.id = tags.category
JOIN tag_scopes AS scope ON scope.id = category.scope WHERE tags.id = {tag}
"""
_KNOWN_READ = _KNOWN.format(tag="$1")
_KNOWN_HELD = sa.text(_KNOWN.format(tag=":tag"))

_INHERITED = """
SELECT tag FROM pooled_images, unnest(pooled_images.tags) AS tag
WHERE patient IN (SELECT id FROM patients AS record WHERE record.id = {patient} OR record.merged_into = {patient})
  AND counts AND pooled_images.tags <> '{{}}'::uuid[]
UNION ALL SELECT tag FROM patient_tags JOIN patients AS alias ON alias.id = patient_tags.patient
WHERE alias.merged_into = {patient}
"""
# Of a record that is merged into a patient, its photographs and the record itself hand their tags up.

_ASSIGNED = f"""
SELECT patients.site, patients.tags_version AS version,
       ARRAY(SELECT tag FROM patient_tags WHERE patient = patients.id ORDER BY tag) AS own,
       ARRAY(SELECT (tag, count(*)::int) FROM ({_INHERITED.format(patient="patients.id")}) AS inherited
             GROUP BY tag ORDER BY tag) AS inherited
FROM patients WHERE id = $1
"""  # noqa: S608 - constants only

IN_FORCE = f"""
ARRAY(SELECT tag FROM patient_tags WHERE patient = one.id UNION ({_INHERITED.format(patient="one.id")}) ORDER BY tag)
"""  # noqa: S608 - constants only

_REFRESH = sa.text(
    f"""
    UPDATE patients SET tags = in_force.tags, tags_version = tags_version + 1,
                        last_modified = greatest(last_modified, :at)
    FROM (SELECT id, {IN_FORCE} AS tags FROM patients AS one WHERE id = ANY(:patients)) AS in_force
    WHERE patients.id = in_force.id AND (patients.tags <> in_force.tags OR patients.id = ANY(:changed))
    RETURNING patients.id AS patient, patients.site, patients.tags, patients.tags_version AS version,
              ARRAY(SELECT tag FROM patient_tags WHERE patient = patients.id ORDER BY tag) AS own
    """  # noqa: S608 - constants only
).bindparams(
    sa.bindparam("patients", type_=ARRAY(PG_UUID())),
    sa.bindparam("changed", type_=ARRAY(PG_UUID())),
    sa.bindparam("at", type_=sa.DateTime(timezone=True)),
)

_INHERITS = sa.text(f"SELECT :tag IN ({_INHERITED.format(patient=':patient')})").bindparams(
    sa.bindparam("patient", type_=PG_UUID()), sa.bindparam("tag", type_=PG_UUID())
)

_WRONG = f"SELECT id FROM patients AS one WHERE tags <> {IN_FORCE} ORDER BY id LIMIT $1"  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class KnownTag:
    """Whose tag it is (a site's, or the installation's), and whether it or its category is retired."""

    site: UUID | None
    retired: bool


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The tags of a patient as they are since this transaction."""

    patient: UUID
    site: UUID
    own: list[UUID]
    tags: list[UUID]
    version: int


async def tag_list(rows: ReadConnection, site: UUID | None) -> tuple[int, str] | None:
    """(version, JSON of TagList) of a site's tags or the installation's; None where there never were any."""
    found = await rows.fetchrow(_LIST, site)
    return None if found is None else (found["version"], found["body"])


async def held_scope(s: WriteSession, site: UUID | None) -> TagScope:
    """The tags of a site or of the installation, held until this transaction ends; made where there are none."""
    new = insert(TagScope).values(id=uuid4(), site=site, version=0)
    await s.execute(new.on_conflict_do_nothing(constraint="one_scope_per_site"))
    return (await s.exec(_of_site(site))).one()


async def scope_of_site(s: WriteSession, site: UUID | None) -> TagScope | None:
    """The same, where there are some."""
    return (await s.exec(_of_site(site))).first()


def _of_site(site: UUID | None) -> SelectOfScalar[TagScope]:
    return select(TagScope).where(col(TagScope.site).is_not_distinct_from(site)).with_for_update()


async def scope_of(s: WriteSession, category: UUID) -> UUID | None:
    """The scope of a category."""
    return (await s.exec(select(TagCategory.scope).where(TagCategory.id == category))).first()


async def scope_of_tag(s: WriteSession, tag: UUID) -> UUID | None:
    """The scope of a tag."""
    wanted = select(TagCategory.scope).join(Tag, col(Tag.category) == TagCategory.id)
    return (await s.exec(wanted.where(Tag.id == tag))).first()


async def scope(s: WriteSession, scope_id: UUID) -> TagScope:
    """A scope, held until this transaction ends."""
    return (await s.exec(select(TagScope).where(TagScope.id == scope_id).with_for_update())).one()


async def categories(s: WriteSession, scope_id: UUID) -> Sequence[TagCategory]:
    """The categories of a scope, in their order."""
    wanted = select(TagCategory).where(TagCategory.scope == scope_id)
    return (await s.exec(wanted.order_by(col(TagCategory.position), col(TagCategory.id)))).all()


async def tags(s: WriteSession, category_ids: Collection[UUID]) -> Sequence[Tag]:
    """The tags of some categories, in their order."""
    wanted = select(Tag).where(col(Tag.category).in_(category_ids))
    return (await s.exec(wanted.order_by(col(Tag.position), col(Tag.id)))).all()


async def known(rows: ReadConnection, tag: UUID) -> KnownTag | None:
    """Whose a tag is."""
    found = await rows.fetchrow(_KNOWN_READ, tag)
    return None if found is None else KnownTag(**found)


async def known_held(s: WriteSession, tag: UUID) -> KnownTag | None:
    """Whose a tag is, within a transaction."""
    found = (await s.execute(_KNOWN_HELD, {"tag": tag})).mappings().first()
    return None if found is None else KnownTag(**found)


async def assigned(rows: ReadConnection, patient: UUID) -> AssignedTags | None:
    """The tags of a patient, and where they come from."""
    found = await rows.fetchrow(_ASSIGNED, patient)
    if found is None:
        return None
    inherited = [InheritedTag(tag=tag, sources=sources) for tag, sources in found["inherited"]]
    return AssignedTags(own=found["own"], inherited=inherited, version=found["version"])


async def own(s: WriteSession, patient: UUID) -> set[UUID]:
    """The tags that a patient was given."""
    return set((await s.exec(select(PatientTag.tag).where(PatientTag.patient == patient))).all())


async def inherits(s: WriteSession, patient: UUID, tag: UUID) -> bool:
    """Whether a photograph of a patient has a tag, or a record merged into it."""
    return (await s.execute(_INHERITS, {"patient": patient, "tag": tag})).scalar_one() is True


async def give(s: WriteSession, patient: UUID, tag: UUID, by: UUID) -> None:
    """Give a patient, who is held alone, a tag."""
    s.add(PatientTag(patient=patient, tag=tag, assigned_by=by))
    await s.flush()


async def take(s: WriteSession, patient: UUID, tag: UUID) -> None:
    """Take a tag away from a patient, who is held alone."""
    await s.execute(sa.delete(PatientTag).where(col(PatientTag.patient) == patient, col(PatientTag.tag) == tag))


async def project_image(s: WriteSession, image: UUID, patient: UUID, tags_of_it: Sequence[UUID], version: int) -> None:
    """Apply newer tags of a photograph, also of one that is not known yet."""
    row = {"image": image, "patient": patient, "counts": False, "version": 0, "tags": tags_of_it}
    new = insert(PooledImage).values(**row, tags_version=version)
    newer = {"tags": new.excluded.tags, "tags_version": new.excluded.tags_version}
    apply = new.on_conflict_do_update(
        index_elements=["image"], set_=newer, where=col(PooledImage.tags_version) < new.excluded.tags_version
    )
    await s.execute(apply)


async def tagged_among(s: WriteSession, images: Collection[UUID]) -> set[UUID]:
    """Those of some photographs that have tags."""
    wanted = select(PooledImage.image).where(col(PooledImage.image).in_(images), PooledImage.tags != [])
    return set((await s.exec(wanted)).all())


async def refresh(
    s: WriteSession, patients: Collection[UUID], at: datetime | None = None, *, changed: Collection[UUID] = ()
) -> list[Refreshed]:
    """Bring the tags in force of some patients up to their own and the inherited ones; returns those that are others,
    and those whose own ones are known to be `changed`. What an alias has, its survivor inherits.
    """
    above = select(Patient.merged_into).where(col(Patient.id).in_(patients), col(Patient.merged_into).is_not(None))
    named = sorted({*patients, *(survivor for survivor in await s.exec(above) if survivor is not None)})
    # held first: the statement that counts then sees what others committed meanwhile
    hold = select(Patient.id).where(col(Patient.id).in_(named)).order_by(col(Patient.id)).with_for_update()
    await s.exec(hold)
    found = await s.execute(_REFRESH, {"patients": named, "changed": sorted(changed), "at": at or now()})
    return [Refreshed(**row) for row in found.mappings()]


async def recount(rows: ReadConnection, limit: int = 1000) -> list[UUID]:
    """Patients whose tags in force are not their own and the inherited ones; `refresh` puts them right."""
    return [row["id"] for row in await rows.fetch(_WRONG, limit)]
