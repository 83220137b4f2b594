"""The first start: one site, and one administrator of the installation and of that site (ORG-1, ORG-2)."""

import sqlalchemy as sa
import structlog

from dermfolio.common.db import Database
from dermfolio.common.leases import lock_number
from dermfolio.common.searching import searchable
from dermfolio.contracts.roles import Role
from dermfolio.identity import passwords, repository
from dermfolio.identity.models import InstallationRoleGrant, Site, SiteRoleGrant, User
from dermfolio.identity.settings import IdentitySettings

log = structlog.get_logger()


async def ensure_first_admin(db: Database, settings: IdentitySettings) -> None:
    """Create the first site and administrator when nobody can sign in. Two replicas create one."""
    async with db.write() as s:
        await s.execute(sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": lock_number("first start")})
        if not await repository.is_empty(s):
            return
        if settings.first_admin_password is None:
            raise SystemExit("The installation is empty: give identity a one-time secret 'first_admin_password'.")
        password = settings.first_admin_password.get_secret_value()
        if not passwords.is_strong(password):
            raise SystemExit("The secret 'first_admin_password' breaks the password rule (12 characters, four kinds).")
        site = Site(
            name=settings.first_site_name,
            time_zone=settings.first_site_time_zone,
            language=settings.first_site_language,
        )
        login, name = settings.first_admin_login.lower(), "Administrator"
        admin = User(
            login=login,
            display_name=name,
            search_text=searchable(name, login),
            password_hash=await passwords.hashed(password),
        )
        s.add_all([site, admin])
        await s.flush()
        s.add(SiteRoleGrant(user=admin.id, site=site.id, role=Role.SITE_ADMIN))
        s.add(InstallationRoleGrant(user=admin.id, role=Role.ADMIN))
    log.info("installation.created", site=str(site.id), admin=str(admin.id))
