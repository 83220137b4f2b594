"""Migrations: Alembic, one line of numbered revisions per service (`0001_….py`), run by one process at a time."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from dermfolio.common.db import address
from dermfolio.common.leases import lock_number
from dermfolio.common.plumbing import metadata
from dermfolio.common.settings import DatabaseAccess, MigrationSettings

TURN_SECONDS = 0.2
"""How often a process looks whether it is its turn."""

Grants = Mapping[str, str]
"""What the role of a service that does not own its tables may do: rights by what they are on."""

_NO_GRANTS: Grants = {}


def newest(migrations: Path) -> str:
    """The revision that code beside these migrations needs: the one that none follows, whatever its number."""
    head = ScriptDirectory(str(migrations)).get_current_head()
    if head is None:
        raise ValueError(f"there are no migrations in {migrations}")
    return head


def upgrade(settings: MigrationSettings, migrations: Path) -> None:
    """Bring the database to the newest revision; waits while another process does."""
    asyncio.run(upgrade_async(settings, migrations, role=settings.database_role))


async def upgrade_async(settings: DatabaseAccess, migrations: Path, *, role: str | None = None) -> None:
    """Do the same inside an event loop. `role` is the service's, when the one that signs in here is another."""
    url = f"postgresql+asyncpg://{address(settings.database_url, settings.database_password.get_secret_value())}"
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            await _lock(connection)
            await connection.run_sync(_run_alembic, migrations, role)
            await connection.commit()
    finally:
        await engine.dispose()


async def _lock(connection: AsyncConnection) -> None:
    """Be the one. Nobody waits inside a statement: building an index beside its writers waits for all that run."""
    while True:
        taken = await connection.execute(sa.text("SELECT pg_try_advisory_lock(:n)"), {"n": lock_number("migrate")})
        await connection.commit()
        if taken.scalar_one():
            return
        await asyncio.sleep(TURN_SECONDS)


def _run_alembic(connection: sa.Connection, migrations: Path, role: str | None) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.attributes["connection"] = connection
    config.attributes["role"] = role
    command.upgrade(config, "head")


def run_env(tables: sa.MetaData, grants: Grants = _NO_GRANTS) -> None:
    """The body of every service's `migrations/env.py`. The plumbing's tables are `plumbing`'s business.

    A service's own role, where it owns nothing, has after each run exactly what `grants` says.
    """
    from alembic import context

    def ours(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or name not in metadata.tables

    connection: sa.Connection = context.config.attributes["connection"]
    role: str | None = context.config.attributes.get("role")
    context.configure(
        connection=connection,
        target_metadata=tables,
        compare_type=True,
        include_name=ours,
    )
    with context.begin_transaction():
        context.run_migrations()
        if role is not None:
            _grant(connection, role, {"TABLE alembic_version": "SELECT", **grants})


def _grant(connection: sa.Connection, role: str, grants: Grants) -> None:
    to = connection.dialect.identifier_preparer.quote(role)
    for kind in ("TABLES", "SEQUENCES", "FUNCTIONS"):
        connection.execute(sa.text(f"REVOKE ALL ON ALL {kind} IN SCHEMA public FROM {to}"))
    for thing, rights in grants.items():
        connection.execute(sa.text(f"GRANT {rights} ON {thing} TO {to}"))
