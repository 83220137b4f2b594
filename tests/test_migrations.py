"""Migrations make the tables that the models say."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import create_async_engine

from dermfolio.local.testing import NewDatabase

SERVICES = Path(__file__).parents[1] / "services"


def _there_and_back(connection: sa.Connection, migrations: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.attributes["connection"] = connection
    steps: tuple[Callable[[], object], ...] = (
        lambda: command.upgrade(config, "head"),
        lambda: command.check(config),  # raises when a migration is missing
        lambda: command.downgrade(config, "base"),
        lambda: _nothing_is_left(connection),
        lambda: command.upgrade(config, "head"),
    )
    for step in steps:
        step()
        connection.commit()  # what is built beside its writers is built outside of transactions


def _nothing_is_left(connection: sa.Connection) -> None:
    assert sa.inspect(connection).get_table_names() == ["alembic_version"]


@pytest.mark.parametrize("migrations", sorted(SERVICES.glob("*/migrations")), ids=lambda path: path.parent.name)
async def test_migrations_make_what_the_models_say_and_can_be_taken_back(
    migrations: Path, new_database: NewDatabase
) -> None:
    engine = create_async_engine(new_database(migrations.parent.name).replace("postgresql://", "postgresql+asyncpg://"))
    async with engine.connect() as connection:
        await connection.run_sync(_there_and_back, migrations)
    await engine.dispose()
