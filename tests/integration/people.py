"""Sites and the people who work there, written into identity's database."""

from uuid import UUID, uuid4

from dermfolio.contracts.roles import INSTALLATION_ROLES, Role

from .truth import Truth


async def open_site(truth: Truth, name: str) -> UUID:
    """One more site, of the first one's time zone and language."""
    site = uuid4()
    await truth.rows("identity", _SITE, site, name)
    return site


async def engage(
    truth: Truth, login: str, *, password_of: str, role: Role, site: UUID, must_choose_password: bool = False
) -> UUID:
    """Somebody with another one's password and one role, at this site unless it is one of the whole installation."""
    user, name = uuid4(), login.replace(".", " ").title()
    await truth.rows("identity", _USER, user, login, name, must_choose_password, password_of)
    if role in INSTALLATION_ROLES:
        await truth.rows("identity", _INSTALLATION_ROLE, user, role.value)
    else:
        await truth.rows("identity", _SITE_ROLE, user, site, role.value)
    return user


_SITE = """
INSERT INTO sites (id, name, time_zone, language, created_at)
SELECT $1, $2, time_zone, language, now() FROM sites ORDER BY created_at LIMIT 1
"""
_USER = """
INSERT INTO users (id, login, display_name, password_hash, password_change_required, created_at)
SELECT $1, $2, $3, password_hash, $4, created_at FROM users WHERE login = $5
"""
_SITE_ROLE = 'INSERT INTO site_roles ("user", site, role) VALUES ($1, $2, $3)'
_INSTALLATION_ROLE = 'INSERT INTO installation_roles ("user", role) VALUES ($1, $2)'
