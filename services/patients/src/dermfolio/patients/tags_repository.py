"""Every query about which tags there are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from dermfolio.common.db import ReadConnection, WriteSession
from dermfolio.patients.models import Tag, TagCategory, TagScope

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


@dataclass(frozen=True, slots=True)
class KnownTag:
    """Whose tag it is (a site's, or the installation's), and whether it or its category is retired."""

    site: UUID | None
    retired: bool


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
