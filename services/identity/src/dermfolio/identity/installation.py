"""Whose installation this is."""

from dermfolio.common.db import Database
from dermfolio.identity import repository
from dermfolio.identity.settings import IdentitySettings


async def name_of(db: Database, settings: IdentitySettings) -> str:
    """What people read before they sign in, and in their authenticator app."""
    if settings.installation_name is not None:
        return settings.installation_name
    async with db.write() as s:
        return await repository.first_site_name(s)
