"""Migrations: Alembic, one line of numbered revisions per service (`0001_….py`), run by one process at a time."""

import asyncio
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from dermfolio.common.db import address
from dermfolio.common.leases import lock_number
from dermfolio.common.plumbing import metadata
from dermfolio.common.settings import DatabaseSettings

TURN_SECONDS = 0.2
"""How often a process looks whether it is its turn."""


def newest(migrations: Path) -> str:
    """The revision that code beside these migrations needs: the highest number."""
    return max(file.name.split("_", 1)[0] for file in (migrations / "versions").glob("[0-9]*_*.py"))


def upgrade(settings: DatabaseSettings, migrations: Path) -> None:
    """Bring the database to the newest revision; waits while another process does."""
    asyncio.run(upgrade_async(settings, migrations))


async def upgrade_async(settings: DatabaseSettings, migrations: Path) -> None:
    """Do the same inside an event loop."""
    url = f"postgresql+asyncpg://{address(settings.database_url, settings.database_password.get_secret_value())}"
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            await _lock(connection)
            await connection.run_sync(_run_alembic, migrations)
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


def _run_alembic(connection: sa.Connection, migrations: Path) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def run_env(tables: sa.MetaData) -> None:
    """The body of every service's `migrations/env.py`. The plumbing's tables are `plumbing`'s business."""
    from alembic import context

    def ours(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or name not in metadata.tables

    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=tables,
        compare_type=True,
        include_name=ours,
    )
    with context.begin_transaction():
        context.run_migrations()
