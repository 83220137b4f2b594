"""What a session is good for: who its user is, and what the user may do now."""

from datetime import datetime
from uuid import UUID

from dermfolio.common.db import WriteSession
from dermfolio.contracts.identity import SessionFacts
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.identity import SessionView, SiteRole
from dermfolio.identity import repository
from dermfolio.identity.models import User


async def of(
    s: WriteSession,
    user: User,
    *,
    session: UUID,
    csrf_token: str,
    expires_at: datetime,
    second_factor_setup_required: bool = False,
) -> SessionFacts:
    """The facts of a user's session, or of an API token that stands for one."""
    sites: dict[UUID, SiteRole] = {}
    for site, role in await repository.site_roles(s, user.id):
        known = sites.setdefault(site.id, SiteRole(site=site.id, name=site.name, time_zone=site.time_zone, roles=[]))
        known.roles.append(Role(role))
    installation = [Role(r) for r in await repository.installation_roles(s, user.id)]
    return SessionFacts(
        session=session,
        user=user.id,
        site_roles={site: view.roles for site, view in sites.items()},
        installation_roles=installation,
        password_change_required=user.password_change_required,
        second_factor_setup_required=second_factor_setup_required,
        expires_at=expires_at,
        view=SessionView(
            user=user.id,
            login=user.login,
            display_name=user.display_name,
            sites=list(sites.values()),
            installation_roles=installation,
            password_change_required=user.password_change_required,
            second_factor_setup_required=second_factor_setup_required,
            csrf_token=csrf_token,
            expires_at=expires_at,
        ),
    )
