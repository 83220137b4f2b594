"""An anchor as a process of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from dermfolio.local.servers.child import spawn
from dermfolio.local.servers.ports import HOST, free_ports
from dermfolio.local.stack import Stack

START_SECONDS = 30.0


@asynccontextmanager
async def served(app: str, told: Mapping[str, str], stack: Stack) -> AsyncIterator[tuple[int, int]]:
    """Serve an ASGI application, as `module:name`, with uvicorn; yields its process id and port, once it listens."""
    [port] = free_ports(1)
    child = spawn(
        [sys.executable, "-m", "uvicorn", app, "--host", HOST, "--port", str(port)],
        environment=os.environ | dict(told),
        directory=Path(__file__).parents[1],
        output=stack.directory / "logs" / "anchor.log",
    )
    try:
        async with asyncio.timeout(START_SECONDS):
            await _listening(port)
        yield child.pid, port
    finally:
        child.kill()


async def _listening(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
