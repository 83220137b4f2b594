"""Users as their administrators see and change them (ORG-1, ORG-2).

Who manages the installation sees every user; a site administrator sees who holds a role at a site of theirs, and of
the roles only those held there. Everybody else's users do not exist for them.
"""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from dermfolio.common import idempotency
from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.cursors import Cursors
from dermfolio.common.db import Database, WriteSession, violated
from dermfolio.common.errors import Refused
from dermfolio.common.searching import searchable, words
from dermfolio.contracts.organisation import ChangeUser, InviteUser, ListUsers, RolesChanged, UserChanged, UserInvited
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.organisation import RolesAtSite, UserPage, UserState, UserView
from dermfolio.identity.models import LOGIN_IS_UNIQUE, InstallationRoleGrant, SiteRoleGrant, User
from dermfolio.identity.sites import need_management


async def list_users(db: Database, cursors: Cursors, call: Call, request: ListUsers) -> UserPage:
    """A page of the users whom the caller manages, newest first; of a search, those in whose name or login every word
    of it occurs. Refused as `forbidden` to who manages nothing.
    """
    sought = () if request.text is None else words(request.text)
    of_list = cursors.of(call, "users", *sought)
    at, last = of_list.behind(request.cursor)
    async with db.write() as s:
        wanted = _managed(call).order_by(col(User.created_at).desc(), col(User.id).desc()).limit(request.limit + 1)
        wanted = wanted.where(*(col(User.search_text).contains(word, autoescape=True) for word in sought))
        if at is not None:
            wanted = wanted.where(sa.tuple_(col(User.created_at), col(User.id)) < (at, last))
        found = list(await s.exec(wanted))
        page = found[: request.limit]
        views = await _views(s, call, page)
    more = len(found) > request.limit
    return UserPage(users=views, next=of_list.cursor(page[-1].created_at, page[-1].id) if more else None)


async def get_user(db: Database, call: Call, user: UUID) -> Answer[UserView]:
    """One user. Refused as `forbidden` or `not_found`."""
    async with db.write() as s:
        return await answer(s, call, await managed(s, call, user))


async def invite_user(db: Database, call: Call, request: InviteUser) -> Answer[UserView]:
    """Make a user without a password. Refused as `forbidden`, `not_found` (a site) or `login_taken`."""
    new = request.new
    for held in new.sites:
        need_management(call, held.site)
    if (new.installation_roles or not any(h.roles for h in new.sites)) and not _manages_installation(call):
        raise Refused("forbidden")
    try:
        async with db.write() as s:
            key, digest = request.idempotency_key, idempotency.digest(new)
            if (earlier := await idempotency.earlier_answer(s, call.user(), key, digest)) is not None:
                return Answer(earlier, 201, UserView.model_validate_json(earlier).version)
            invited = await _invited(s, call, request)
            await idempotency.remember(s, call.user(), key, invited.body)
            return invited
    except IntegrityError as error:
        match violated(error):
            case name if name == LOGIN_IS_UNIQUE:
                raise Refused("login_taken") from None
            case name if name and name.startswith("fk_site_roles_site"):
                raise Refused("not_found") from None
        raise


async def change_user(db: Database, call: Call, request: ChangeUser) -> Answer[UserView]:
    """Change a user's name. Refused as `not_found`, `forbidden` or `stale_version`."""
    async with db.write() as s:
        user = await held(s, call, request.user, request.version)
        await need_whole(s, call, user)
        wished = request.changes.model_dump(exclude_none=True)
        changed = [name for name, value in wished.items() if getattr(user, name) != value]
        if changed:
            user.sqlmodel_update(wished)
            user.search_text = searchable(user.display_name, user.login)
            user.version += 1
            s.add(user)
            s.say(UserChanged(user=user.id, fields=changed, version=user.version), call.origin())
        return await answer(s, call, user)


async def managed(s: WriteSession, call: Call, user: UUID) -> User:
    """A user whom the caller manages at some site at least. Refused as `forbidden` or `not_found`."""
    found = (await s.exec(_managed(call).where(User.id == user))).first()
    if found is None:
        raise Refused("not_found")
    return found


async def held(s: WriteSession, call: Call, user: UUID, version: int | None = None) -> User:
    """A managed user, held until this transaction ends. Refused as `managed` does, or as `stale_version`."""
    await managed(s, call, user)
    found = (await s.exec(select(User).where(User.id == user).with_for_update())).one()
    if version is not None and found.version != version:
        raise Refused("stale_version", version=found.version)
    return found


async def need_whole(s: WriteSession, call: Call, user: User) -> None:
    """Refuse as `forbidden` what concerns the whole account, where others manage a part of it."""
    if _manages_installation(call):
        return
    sites = await s.exec(select(SiteRoleGrant.site).where(SiteRoleGrant.user == user.id))
    elsewhere = set(sites) - set(call.actor.sites(Permission.SITE_MANAGE))
    if elsewhere or await installation_roles(s, [user.id]):
        raise Refused("forbidden")


async def installation_roles(s: WriteSession, users: Sequence[UUID]) -> list[InstallationRoleGrant]:
    """What these users hold in the installation."""
    wanted = select(InstallationRoleGrant).where(col(InstallationRoleGrant.user).in_(users))
    return list(await s.exec(wanted.order_by(col(InstallationRoleGrant.role))))


async def answer(s: WriteSession, call: Call, user: User, status: int = 200) -> Answer[UserView]:
    """The user as the caller may see it."""
    [view] = await _views(s, call, [user])
    return Answer(view.model_dump_json().encode(), status, user.version)


async def _invited(s: WriteSession, call: Call, request: InviteUser) -> Answer[UserView]:
    new = request.new
    user = User(
        login=new.login,
        display_name=new.display_name,
        search_text=searchable(new.display_name, new.login),
        password_change_required=False,
    )
    s.add(user)
    await s.flush()
    s.say(UserInvited(user=user.id), call.origin())
    for at in new.sites:
        if roles := sorted(set(at.roles)):
            s.add_all(SiteRoleGrant(user=user.id, site=at.site, role=role) for role in roles)
            s.say(RolesChanged(user=user.id, site=at.site, roles=roles), call.origin())
    if wide := sorted(set(new.installation_roles)):
        s.add_all(InstallationRoleGrant(user=user.id, role=role) for role in wide)
        s.say(RolesChanged(user=user.id, roles=wide), call.origin())
    await s.flush()
    return await answer(s, call, user, 201)


def _managed(call: Call) -> SelectOfScalar[User]:
    """The users whom the caller manages. Refused as `forbidden` to who manages nothing."""
    if _manages_installation(call):
        return select(User)
    sites = call.actor.sites(Permission.SITE_MANAGE)
    if not sites:
        raise Refused("forbidden")
    return select(User).where(sa.exists().where(col(SiteRoleGrant.user) == User.id, col(SiteRoleGrant.site).in_(sites)))


def _manages_installation(call: Call) -> bool:
    return call.actor.may(Permission.INSTALLATION_MANAGE)


async def _views(s: WriteSession, call: Call, users: Sequence[User]) -> list[UserView]:
    ids, everything = [user.id for user in users], _manages_installation(call)
    wanted = select(SiteRoleGrant).where(col(SiteRoleGrant.user).in_(ids)).order_by(col(SiteRoleGrant.role))
    if not everything:
        wanted = wanted.where(col(SiteRoleGrant.site).in_(call.actor.sites(Permission.SITE_MANAGE)))
    at_sites: dict[UUID, dict[UUID, list[str]]] = {}
    for grant in await s.exec(wanted):
        at_sites.setdefault(grant.user, {}).setdefault(grant.site, []).append(grant.role)
    wide: dict[UUID, list[str]] = {}
    for held_role in await installation_roles(s, ids) if everything else ():
        wide.setdefault(held_role.user, []).append(held_role.role)
    return [_view(user, at_sites.get(user.id, {}), wide.get(user.id, [])) for user in users]


def _view(user: User, sites: dict[UUID, list[str]], installation: list[str]) -> UserView:
    came = user.password_hash is not None or user.last_sign_in_at is not None
    state = UserState.ACTIVE if came else UserState.INVITED
    return UserView.model_validate(
        {
            **user.model_dump(),
            "state": UserState.DISABLED if user.disabled_at is not None else state,
            "sites": [RolesAtSite.model_validate({"site": site, "roles": roles}) for site, roles in sites.items()],
            "installation_roles": installation,
        }
    )
