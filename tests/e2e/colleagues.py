"""Users beside the administrator; there is no other way to engage one yet."""

from urllib.parse import quote
from uuid import UUID, uuid4

import asyncpg

from dermfolio.contracts.roles import Role
from dermfolio.local.first_admin import USER
from dermfolio.local.stack import Stack

_USER = """
INSERT INTO users (id, login, display_name, password_hash, password_change_required, created_at)
SELECT $1, $2, $3, password_hash, $4, created_at FROM users WHERE login = $5
"""
_ROLE = 'INSERT INTO site_roles ("user", site, role) SELECT $1, id, $2 FROM sites'


async def rows(stack: Stack, database: str, query: str, *values: object) -> list[asyncpg.Record]:
    """Rows of a service's database, seen directly."""
    postgres = stack.embedded.postgres
    secret = quote(postgres.password, safe="")
    connection = await asyncpg.connect(f"postgresql://postgres:{secret}@127.0.0.1:{postgres.port}/{database}")
    try:
        found: list[asyncpg.Record] = await connection.fetch(query, *values)
        return found
    finally:
        await connection.close()


async def engage(stack: Stack, role: Role, *, must_change_password: bool = False) -> str:
    """A user with a role at the site and the administrator's password; returns the login."""
    user: UUID = uuid4()
    login = f"{role.value}-{user.hex[:8]}"
    await rows(stack, "identity", _USER, user, login, f"{role.value.title()} Test", must_change_password, USER)
    await rows(stack, "identity", _ROLE, user, role.value)
    return login
