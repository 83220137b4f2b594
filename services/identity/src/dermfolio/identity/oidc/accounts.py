"""Whom a provider means, and which roles its groups give. All of it in the transaction that opens the session."""

import secrets
from collections.abc import Iterable, Set
from uuid import UUID

import sqlalchemy as sa
import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dermfolio.common.db import WriteSession
from dermfolio.common.leases import lock_number
from dermfolio.common.searching import searchable
from dermfolio.contracts.oidc import UserProvisioned
from dermfolio.contracts.organisation import RolesChanged
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.organisation import Login
from dermfolio.contracts.views.text import Name
from dermfolio.identity import repository
from dermfolio.identity.models import (
    LOGIN_IS_UNIQUE,
    InstallationRoleGrant,
    OidcIdentity,
    Site,
    SiteRoleGrant,
    User,
)
from dermfolio.identity.oidc.id_token import Claims
from dermfolio.identity.oidc.providers import Provider

log = structlog.get_logger()

Place = UUID | None
"""A site, or (None) the installation."""

Held = tuple[Place, Role]

_LOGIN: TypeAdapter[str] = TypeAdapter(Login)
_NAME: TypeAdapter[str] = TypeAdapter(Name)
_SUFFIX_BYTES = 3
_LONGEST_STEM = 64 - 1 - 2 * _SUFFIX_BYTES


async def bound(s: WriteSession, issuer: str, subject: str) -> User | None:
    """The user whom a provider means, held until this transaction ends; so is who is not known yet."""
    # two browsers that come back for somebody new at once would each make a user
    await s.execute(sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": lock_number(f"oidc {issuer} {subject}")})
    found = await s.exec(
        select(User)
        .join(OidcIdentity, col(OidcIdentity.user) == User.id)
        .where(OidcIdentity.issuer == issuer, OidcIdentity.subject == subject)
        .with_for_update(of=User)
    )
    return found.first()


async def provision(s: WriteSession, provider: Provider, claims: Claims, origin: Origin) -> User:
    """Make a user with a login of its own: what the provider calls them, with a suffix where somebody has it."""
    wished = _text(_LOGIN, claims.preferred_username) or f"user-{secrets.token_hex(_SUFFIX_BYTES)}"
    login = wished
    while True:
        name = _text(_NAME, claims.name) or login
        user = User(login=login, display_name=name, search_text=searchable(name, login), password_change_required=False)
        made = await s.execute(
            insert(User)
            .values(user.model_dump())
            .on_conflict_do_nothing(constraint=LOGIN_IS_UNIQUE)
            .returning(col(User.id))
        )
        if (id_ := made.scalar()) is not None:
            break
        login = f"{wished[:_LONGEST_STEM]}-{secrets.token_hex(_SUFFIX_BYTES)}"
    s.add(OidcIdentity(issuer=provider.issuer, subject=claims.sub, user=id_))
    s.say(UserProvisioned(user=id_), origin)
    return await repository.user_by_id(s, id_)


async def roles_of(s: WriteSession, provider: Provider, groups: Iterable[str]) -> set[Held]:
    """What membership of these groups is worth."""
    roles: set[Held] = set()
    sites = {site.id: site.name for site in await s.exec(select(Site))}
    for mapped in (provider.groups[group] for group in set(groups) & provider.groups.keys()):
        if mapped.installation is not None:
            roles.add((None, mapped.installation))
        for named, role in mapped.sites.items():
            found = [id_ for id_, name in sites.items() if named == name or named.lower() == str(id_)]
            if len(found) == 1:
                roles.add((found[0], role))
            else:
                log.warning("oidc.site_not_clear", provider=provider.id, found=len(found))
    return roles


async def set_roles_by_groups(s: WriteSession, user: User, wished: Set[Held], origin: Origin) -> bool:
    """Let the user hold these roles by groups, beside those given by hand. Says whether any role is held then."""
    held: dict[Held, bool] = {}
    for site_grant in await s.exec(select(SiteRoleGrant).where(SiteRoleGrant.user == user.id)):
        held[site_grant.site, Role(site_grant.role)] = site_grant.by_group
    for grant in await s.exec(select(InstallationRoleGrant).where(InstallationRoleGrant.user == user.id)):
        held[None, Role(grant.role)] = grant.by_group
    gone = {role for role, by_group in held.items() if by_group} - wished
    added = wished - held.keys()
    for site, role in gone:
        await s.execute(_taking(user.id, site, role))
    s.add_all(_given(user.id, site, role) for site, role in added)
    after = (held.keys() - gone) | wished
    for place in {site for site, _ in gone | added}:
        roles = sorted(role for site, role in after if site == place)
        s.say(RolesChanged(user=user.id, site=place, roles=roles), origin)
    if gone or added:
        user.version += 1
        s.add(user)
    await s.flush()
    return bool(after)


def _given(user: UUID, site: Place, role: Role) -> SiteRoleGrant | InstallationRoleGrant:
    if site is None:
        return InstallationRoleGrant(user=user, role=role, by_group=True)
    return SiteRoleGrant(user=user, site=site, role=role, by_group=True)


def _taking(user: UUID, site: Place, role: Role) -> sa.Delete:
    if site is None:
        of_installation = InstallationRoleGrant
        return sa.delete(of_installation).where(col(of_installation.user) == user, col(of_installation.role) == role)
    return sa.delete(SiteRoleGrant).where(
        col(SiteRoleGrant.user) == user, col(SiteRoleGrant.site) == site, col(SiteRoleGrant.role) == role
    )


def _text(kind: TypeAdapter[str], claimed: object) -> str | None:
    """A claim that is fit to be shown; None where it is not."""
    try:
        return kind.validate_python(claimed, strict=True)
    except ValidationError:
        return None
