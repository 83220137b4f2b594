"""Somebody who works at a site, engaged as an administrator does it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from dermfolio.contracts.roles import INSTALLATION_ROLES, Role
from dermfolio.ops.api_client import Api


async def engage(
    admin: Api, login: str, password: str, role: Role, site: UUID | None = None, *, name: str = "Somebody"
) -> UUID:
    """Invite somebody with one role, at a site unless it is one of the whole installation, who chooses a password by
    the link. Raises ApiProblem.
    """
    wide = [role] if role in INSTALLATION_ROLES else []
    return await _engaged(admin, login, password, name, {} if wide or site is None else {site: [role]}, wide)


async def engage_at(
    admin: Api, login: str, password: str, role: Role, sites: Sequence[UUID], *, name: str = "Somebody"
) -> UUID:
    """The same with one role at each of several sites."""
    return await _engaged(admin, login, password, name, {site: [role] for site in sites}, [])


async def _engaged(
    admin: Api, login: str, password: str, name: str, roles: Mapping[UUID, Sequence[Role]], wide: Sequence[Role]
) -> UUID:
    invited = await admin.invite_user(login, name, roles, wide)
    link = await admin.make_password_link(invited.id)
    async with Api(admin.base_url) as own:
        await own.choose_password(link.token, password)
    return invited.id
