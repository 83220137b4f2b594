"""What a service's database holds, where the system has no way to show or make it."""

from urllib.parse import quote

import asyncpg

from dermfolio.local.stack import Stack


async def rows(stack: Stack, database: str, query: str, *values: object) -> list[asyncpg.Record]:
    """Rows of a service's database."""
    postgres = stack.embedded.postgres
    secret = quote(postgres.password, safe="")
    connection = await asyncpg.connect(f"postgresql://postgres:{secret}@127.0.0.1:{postgres.port}/{database}")
    try:
        found: list[asyncpg.Record] = await connection.fetch(query, *values)
        return found
    finally:
        await connection.close()
