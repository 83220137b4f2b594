"""Which tags there are (TAG-1): of the installation by its administrators, of a site by that site's."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from dermfolio.common import idempotency
from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Requests
from dermfolio.common.db import Database, WriteSession, violated
from dermfolio.common.errors import Refused
from dermfolio.contracts.organisation import ListSiteNames
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.tags import (
    ChangeTag,
    ChangeTagCategory,
    CreateTag,
    CreateTagCategory,
    ListTags,
    OrderTags,
    TagCategoryChanged,
    TagCategoryCreated,
    TagChanged,
    TagCreated,
    TagsOrdered,
)
from dermfolio.contracts.views.tags import CATEGORIES_AT_MOST, TAGS_AT_MOST, TagCategoryView, TagList, TagView
from dermfolio.patients import tags_repository
from dermfolio.patients.models import CATEGORY_NAME_IS_UNIQUE, TAG_NAME_IS_UNIQUE, Tag, TagCategory, TagScope

_ORDER = "must hold each category of the list once, and in it each of its tags once"


async def list_tags(db: Database, call: Call, request: ListTags) -> Answer[TagList]:
    """The tags of a site or of the installation. Refused as `forbidden` to users who hold no role."""
    if call.actor.user is not None and not call.actor.holds_a_role():
        raise Refused("forbidden")
    async with db.read() as rows:
        found = await tags_repository.tag_list(rows, request.site)
    if found is None:
        return Answer(TagList(site=request.site, categories=[], version=0).model_dump_json().encode(), 200, 0)
    version, body = found
    return Answer(body.encode(), 200, version)


async def create_category(
    db: Database, requests: Requests, call: Call, request: CreateTagCategory
) -> Answer[TagCategoryView]:
    """Make a category. Refused as `not_found`, `forbidden`, `tag_name_taken` or `too_many_tags`."""
    new = request.new
    _need_management(call, new.site)
    if new.site is not None and new.site not in {site.id for site in (await requests.ask(ListSiteNames())).sites}:
        raise Refused("not_found")
    with _names():
        async with db.write() as s:
            body = await idempotency.earlier_answer(
                s, call.user(), request.idempotency_key, idempotency.digest(request)
            )
            if body is None:
                scope = await tags_repository.held_scope(s, new.site)
                there = await tags_repository.categories(s, scope.id)
                _need_room(there, CATEGORIES_AT_MOST)
                category = TagCategory(scope=scope.id, name=new.name, colour=new.colour, position=_behind(there))
                s.add(category)
                body = _category(scope, category, []).model_dump_json().encode()
                said = TagCategoryCreated(
                    site=scope.site, category=category.id, version=1, list_version=_count(s, scope)
                )
                s.say(said, call.origin())
                await idempotency.remember(s, call.user(), request.idempotency_key, body)
    return Answer(body, 201, 1)


async def change_category(db: Database, call: Call, request: ChangeTagCategory) -> Answer[TagCategoryView]:
    """Change a category. Refused as `not_found`, `forbidden`, `stale_version` or `tag_name_taken`."""
    with _names():
        async with db.write() as s:
            scope = await _held(s, call, await tags_repository.scope_of(s, request.category))
            category = await s.get_one(TagCategory, request.category, populate_existing=True)
            if said := _change(s, scope, category, request):
                s.say(TagCategoryChanged(category=category.id, **said), call.origin())
            view = _category(scope, category, await tags_repository.tags(s, [category.id]))
    return Answer(view.model_dump_json().encode(), 200, view.version)


async def create_tag(db: Database, call: Call, request: CreateTag) -> Answer[TagView]:
    """Make a tag. Refused as `not_found`, `forbidden`, `tag_name_taken` or `too_many_tags`."""
    with _names():
        async with db.write() as s:
            scope = await _held(s, call, await tags_repository.scope_of(s, request.category))
            body = await idempotency.earlier_answer(
                s, call.user(), request.idempotency_key, idempotency.digest(request)
            )
            if body is None:
                categories = [category.id for category in await tags_repository.categories(s, scope.id)]
                there = await tags_repository.tags(s, categories)
                _need_room(there, TAGS_AT_MOST)
                place = _behind([tag for tag in there if tag.category == request.category])
                tag = Tag(category=request.category, name=request.new.name, position=place)
                s.add(tag)
                body = _tag(tag).model_dump_json().encode()
                said = TagCreated(
                    site=scope.site, tag=tag.id, category=tag.category, version=1, list_version=_count(s, scope)
                )
                s.say(said, call.origin())
                await idempotency.remember(s, call.user(), request.idempotency_key, body)
    return Answer(body, 201, 1)


async def change_tag(db: Database, call: Call, request: ChangeTag) -> Answer[TagView]:
    """Change a tag. Refused as `not_found`, `forbidden`, `stale_version` or `tag_name_taken`."""
    with _names():
        async with db.write() as s:
            scope = await _held(s, call, await tags_repository.scope_of_tag(s, request.tag))
            tag = await s.get_one(Tag, request.tag, populate_existing=True)
            if said := _change(s, scope, tag, request):
                s.say(TagChanged(tag=tag.id, category=tag.category, **said), call.origin())
            view = _tag(tag)
    return Answer(view.model_dump_json().encode(), 200, view.version)


async def order_tags(db: Database, call: Call, request: OrderTags) -> Answer[TagList]:
    """Put a list in order. Refused as `not_found` (also where there never were any tags), `forbidden`, `stale_version`,
    or `invalid_request` where not everything is named that is in it.
    """
    _need_management(call, request.order.site)
    async with db.write() as s:
        scope = await tags_repository.scope_of_site(s, request.order.site)
        if scope is None:
            raise Refused("not_found")
        if scope.version != request.version:
            raise Refused("stale_version", version=scope.version)
        categories = await tags_repository.categories(s, scope.id)
        tags = await tags_repository.tags(s, [category.id for category in categories])
        before = [(category.id, [tag.id for tag in tags if tag.category == category.id]) for category in categories]
        wished = [(category.id, category.tags) for category in request.order.categories]
        if _sorted(before) != _sorted(wished):
            raise Refused("invalid_request", errors=[{"loc": "body.categories", "msg": _ORDER}])
        if before != wished:
            in_category = {tag: place for _, inside in wished for place, tag in enumerate(inside)}
            for category in categories:
                category.position = [id_ for id_, _ in wished].index(category.id)
            for tag in tags:
                tag.position = in_category[tag.id]
            s.add_all((*categories, *tags))
            s.say(TagsOrdered(site=scope.site, tag_list=scope.id, list_version=_count(s, scope)), call.origin())
    return await list_tags(db, call, ListTags(site=request.order.site))


def _need_management(call: Call, site: UUID | None) -> None:
    """Refuse as `not_found` who has nothing to do with the site, as `forbidden` who may not manage its tags."""
    if site is None:
        if not call.actor.may(Permission.INSTALLATION_MANAGE):
            raise Refused("forbidden")
        return
    if site not in call.actor.site_roles and not call.actor.may(Permission.INSTALLATION_MANAGE):
        raise Refused("not_found")
    call.need(Permission.SITE_MANAGE, site)


async def _held(s: WriteSession, call: Call, scope_id: UUID | None) -> TagScope:
    if scope_id is None:
        raise Refused("not_found")
    scope = await tags_repository.scope(s, scope_id)
    _need_management(call, scope.site)
    return scope


def _change(
    s: WriteSession, scope: TagScope, one: TagCategory | Tag, request: ChangeTagCategory | ChangeTag
) -> dict[str, Any]:
    """Apply the changes to the version that they were made to; returns what is to be said of it, nothing where all is
    as it was.
    """
    if one.version != request.version:
        raise Refused("stale_version", version=one.version)
    wished = request.changes.model_dump(exclude_none=True)
    changed = [name for name, value in wished.items() if getattr(one, name) != value]
    if not changed:
        return {}
    one.sqlmodel_update(wished)
    one.version += 1
    s.add(one)
    return {"site": scope.site, "version": one.version, "fields": changed, "list_version": _count(s, scope)}


def _count(s: WriteSession, scope: TagScope) -> int:
    """Count a change of a list that is held."""
    scope.version += 1
    s.add(scope)
    return scope.version


def _need_room(there: Sequence[TagCategory] | Sequence[Tag], most: int) -> None:
    if len(there) >= most:
        raise Refused("too_many_tags")


def _behind(there: Sequence[TagCategory] | Sequence[Tag]) -> int:
    return max((one.position for one in there), default=-1) + 1


@contextmanager
def _names() -> Iterator[None]:
    """Refuse as `tag_name_taken` what the database does not take."""
    try:
        yield
    except IntegrityError as error:
        if violated(error) not in {CATEGORY_NAME_IS_UNIQUE, TAG_NAME_IS_UNIQUE}:
            raise
        raise Refused("tag_name_taken") from None


def _sorted(order: Sequence[tuple[UUID, Sequence[UUID]]]) -> list[tuple[UUID, list[UUID]]]:
    return sorted((category, sorted(tags)) for category, tags in order)


def _category(scope: TagScope, category: TagCategory, tags: Sequence[Tag]) -> TagCategoryView:
    return TagCategoryView(**category.model_dump(), site=scope.site, tags=[_tag(tag) for tag in tags])


def _tag(tag: Tag) -> TagView:
    return TagView(**tag.model_dump())
