"""The anchor as a process on the system's own PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.api.seeding import ANCHOR
from benchmarks.served import served
from dermfolio.local.secrets import password
from dermfolio.local.servers.databases import ensure_database
from dermfolio.local.servers.ports import HOST
from dermfolio.local.stack import Stack


@asynccontextmanager
async def anchor_server(stack: Stack) -> AsyncIterator[tuple[int, int]]:
    """Run the anchor; yields its process id and port, once it answers and its tables are there."""
    secret = password()
    postgres = stack.embedded.postgres
    await asyncio.to_thread(ensure_database, postgres, ANCHOR, secret)
    url = f"postgresql+asyncpg://{ANCHOR}:{secret}@{HOST}:{postgres.port}/{ANCHOR}"
    async with served("benchmarks.api.anchor:app", {"ANCHOR_DATABASE_URL": url}, stack) as anchor:
        yield anchor
