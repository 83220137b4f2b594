"""Who holds which role, and who may sign in at all (ORG-1)."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused
from dermfolio.common.leases import lock_number
from dermfolio.contracts.identity import SessionEnded
from dermfolio.contracts.messages import now
from dermfolio.contracts.organisation import (
    RolesChanged,
    SetInstallationRoles,
    SetSiteRoles,
    UserDisabled,
    UserEnabled,
)
from dermfolio.contracts.roles import Permission, Role
from dermfolio.contracts.views.organisation import UserView
from dermfolio.identity import api_tokens, repository, second_factor, trusted_devices, users
from dermfolio.identity.models import InstallationRoleGrant, Site, SiteRoleGrant, User
from dermfolio.identity.sites import need_management


async def set_site_roles(db: Database, call: Call, request: SetSiteRoles) -> Answer[UserView]:
    """Say which roles a user holds at a site. Refused as `not_found`, `forbidden` or `stale_version`."""
    need_management(call, request.site)
    async with db.write() as s:
        if (await s.exec(select(Site.id).where(Site.id == request.site))).first() is None:
            raise Refused("not_found")
        user = await users.held(s, call, request.user, request.version)
        of_site = (col(SiteRoleGrant.user) == user.id, col(SiteRoleGrant.site) == request.site)
        before = set(await s.exec(select(SiteRoleGrant.role).where(*of_site)))
        wished = set(request.roles)
        if wished != before:
            await s.execute(sa.delete(SiteRoleGrant).where(*of_site, col(SiteRoleGrant.role).in_(before - wished)))
            s.add_all(SiteRoleGrant(user=user.id, site=request.site, role=role) for role in sorted(wished - before))
            _changed(s, call, user, wished, request.site)
        await s.flush()
        return await users.answer(s, call, user)


async def set_installation_roles(db: Database, call: Call, request: SetInstallationRoles) -> Answer[UserView]:
    """Say which roles a user holds in the installation. Refused also as `last_admin`."""
    if not call.actor.may(Permission.INSTALLATION_MANAGE):
        raise Refused("forbidden")
    async with db.write() as s:
        user = await users.held(s, call, request.user, request.version)
        before = {grant.role for grant in await users.installation_roles(s, [user.id])}
        wished = set(request.roles)
        if Role.ADMIN in before - wished:
            await _need_another_admin(s, user)
        if wished != before:
            of_user = (col(InstallationRoleGrant.user) == user.id, col(InstallationRoleGrant.role).in_(before - wished))
            await s.execute(sa.delete(InstallationRoleGrant).where(*of_user))
            s.add_all(InstallationRoleGrant(user=user.id, role=role) for role in sorted(wished - before))
            _changed(s, call, user, wished, None)
        await s.flush()
        return await users.answer(s, call, user)


async def disable_user(db: Database, call: Call, user: UUID) -> Answer[UserView]:
    """End all that a user does. Refused as `not_found`, `forbidden`, `own_account` or `last_admin`."""
    async with db.write() as s:
        held = await users.held(s, call, user)
        await users.need_whole(s, call, held)
        if held.id == call.user():
            raise Refused("own_account")
        if held.disabled_at is None:
            await _need_another_admin(s, held)
            held.disabled_at = now()
            held.version += 1
            s.add(held)
            s.say(UserDisabled(user=held.id), call.origin())
            for session in await repository.end_other_sessions(s, held.id, None):
                s.say(SessionEnded(session=session, user=held.id), call.origin())
            await api_tokens.revoke_all(s, held.id, call.origin())
            await trusted_devices.forget_all(s, held.id, call.origin())
        return await users.answer(s, call, held)


async def enable_user(db: Database, call: Call, user: UUID) -> Answer[UserView]:
    """Let a disabled user sign in again. Refused as `not_found` or `forbidden`."""
    async with db.write() as s:
        held = await users.held(s, call, user)
        await users.need_whole(s, call, held)
        if held.disabled_at is not None:
            held.disabled_at = None
            held.version += 1
            s.add(held)
            s.say(UserEnabled(user=held.id), call.origin())
        return await users.answer(s, call, held)


async def reset_second_factor(db: Database, call: Call, user: UUID) -> Answer[UserView]:
    """Take away a second factor that its user has lost; sessions end. Refused as `not_found` or `forbidden`."""
    async with db.write() as s:
        held = await users.held(s, call, user)
        await users.need_whole(s, call, held)
        await second_factor.reset(s, held.id, call.origin())
        for session in await repository.end_other_sessions(s, held.id, call.actor.session):
            s.say(SessionEnded(session=session, user=held.id), call.origin())
        return await users.answer(s, call, held)


def _changed(s: WriteSession, call: Call, user: User, roles: Iterable[str], site: UUID | None) -> None:
    user.version += 1
    s.add(user)
    s.say(RolesChanged(user=user.id, site=site, roles=sorted(map(Role, roles))), call.origin())


async def _need_another_admin(s: WriteSession, user: User) -> None:
    """Refuse as `last_admin` what would leave an installation that nobody can manage."""
    # two administrators who take each other's role at once would each find the other
    await s.execute(sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": lock_number("administrators")})
    admins = await s.exec(
        select(User.id)
        .join(InstallationRoleGrant, col(InstallationRoleGrant.user) == User.id)
        .where(
            InstallationRoleGrant.role == Role.ADMIN,
            col(InstallationRoleGrant.by_group).is_(False),  # a provider takes these back as it pleases
            col(User.disabled_at).is_(None),
            col(User.password_hash).is_not(None),
        )
    )
    if set(admins) == {user.id}:
        raise Refused("last_admin")
