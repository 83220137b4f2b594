"""Databases at earlier revisions, for tests of migrations."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from sqlalchemy.ext.asyncio import create_async_engine


async def migrate(url: str, migrations: Path, move: Callable[[Config, str], None], revision: str) -> None:
    """Bring a database to a revision of a service, by `alembic.command.upgrade` or `downgrade`."""

    def moved(connection: sa.Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(migrations))
        config.attributes["connection"] = connection
        move(config, revision)

    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://"))
    async with engine.begin() as connection:
        await connection.run_sync(moved)
    await engine.dispose()
