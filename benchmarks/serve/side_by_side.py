"""The anchor as a process on the system's own object store, and plain copies of renditions for it to stream."""

import asyncio
import io
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.listening import listening
from dermfolio.local.servers.child import spawn
from dermfolio.local.servers.object_store import BUCKET, SETUP
from dermfolio.local.servers.ports import HOST, free_ports
from dermfolio.local.stack import Stack

START_SECONDS = 30.0


@asynccontextmanager
async def anchor_server(stack: Stack) -> AsyncIterator[tuple[int, int]]:
    """Run the anchor; yields its process id and port, once it answers."""
    store = stack.embedded.store
    who = store.identities[SETUP]
    told = {
        "ANCHOR_STORE": f"{HOST}:{store.port}",
        "ANCHOR_BUCKET": BUCKET,
        "ANCHOR_ACCESS_KEY": who.access_key,
        "ANCHOR_SECRET_KEY": who.secret_key,
    }
    [port] = free_ports(1)
    child = spawn(
        [sys.executable, "-m", "uvicorn", "benchmarks.serve.anchor:app", "--host", HOST, "--port", str(port)],
        environment=os.environ | told,
        directory=Path(__file__).parents[2],
        output=stack.directory / "logs" / "anchor.log",
    )
    try:
        async with asyncio.timeout(START_SECONDS):
            await listening(port)
        yield child.pid, port
    finally:
        child.kill()


def store_plain(stack: Stack, copies: dict[str, bytes]) -> None:
    """Store objects as they are, by key."""
    client = stack.embedded.store.client()
    for key, data in copies.items():
        client.put_object(BUCKET, key, io.BytesIO(data), len(data), "image/webp")
