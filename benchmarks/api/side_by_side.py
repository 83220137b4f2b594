"""The anchor as a process on the system's own PostgreSQL."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.api.seeding import ANCHOR
from benchmarks.listening import listening
from dermfolio.local.secrets import password
from dermfolio.local.servers.child import spawn
from dermfolio.local.servers.databases import ensure_database
from dermfolio.local.servers.ports import HOST, free_ports
from dermfolio.local.stack import Stack

START_SECONDS = 30.0


@asynccontextmanager
async def anchor_server(stack: Stack) -> AsyncIterator[tuple[int, int]]:
    """Run the anchor; yields its process id and port, once it answers and its tables are there."""
    secret = password()
    postgres = stack.embedded.postgres
    await asyncio.to_thread(ensure_database, postgres, ANCHOR, secret)
    [port] = free_ports(1)
    url = f"postgresql+asyncpg://{ANCHOR}:{secret}@{HOST}:{postgres.port}/{ANCHOR}"
    child = spawn(
        [sys.executable, "-m", "uvicorn", "benchmarks.api.anchor:app", "--host", HOST, "--port", str(port)],
        environment=os.environ | {"ANCHOR_DATABASE_URL": url},
        directory=Path(__file__).parents[2],
        output=stack.directory / "logs" / "anchor.log",
    )
    try:
        async with asyncio.timeout(START_SECONDS):
            await listening(port)
        yield child.pid, port
    finally:
        child.kill()
