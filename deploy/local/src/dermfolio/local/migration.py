"""Writes a service's next migration, from the difference between its migrations and its models."""

import asyncio
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

from dermfolio.local import places
from dermfolio.local.scratch import scratch_directory
from dermfolio.local.secrets import password
from dermfolio.local.servers.databases import ensure_database
from dermfolio.local.servers.postgres import Postgres
from dermfolio.local.services import SERVICES


def write_migration(service: str, name: str) -> Path:
    """Write `services/<service>/migrations/versions/<number>_<name>.py` and return where.

    Raises ValueError for a service that has no database, or an empty name.
    """
    known = [kind.name for kind in SERVICES if kind.has_database]
    if service not in known or not name.strip():
        raise ValueError(f"a migration needs a SERVICE ({', '.join(known)}) and a NAME")
    migrations = places.checkout() / "services" / service / "migrations"
    with scratch_directory() as directory:
        server = Postgres(directory, password=password(), durable=False)
        server.start()
        try:
            secret = password()
            ensure_database(server, service, secret)
            url = f"postgresql+asyncpg://{service}:{secret}@127.0.0.1:{server.port}/{service}"
            return asyncio.run(_write(url, migrations, name))
        finally:
            server.stop()


async def _write(url: str, migrations: Path, name: str) -> Path:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_compare, migrations, name)
    finally:
        await engine.dispose()


def _compare(connection: sa.Connection, migrations: Path, name: str) -> Path:
    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    head = ScriptDirectory.from_config(config).get_current_head()
    if head is not None:
        command.upgrade(config, "head")
        connection.commit()
    number = f"{int(head or 0) + 1:04}"
    command.revision(config, message=name, autogenerate=True, rev_id=number)
    [path] = (migrations / "versions").glob(f"{number}_*.py")
    return path
