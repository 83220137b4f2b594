"""The anchor as a process on the system's own object store, and plain copies of renditions for it to stream."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.served import served
from dermfolio.local.servers.object_store import BUCKET, SETUP
from dermfolio.local.servers.ports import HOST
from dermfolio.local.stack import Stack


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
    async with served("benchmarks.serve.anchor:app", told, stack) as anchor:
        yield anchor


def store_plain(stack: Stack, copies: dict[str, bytes]) -> None:
    """Store objects as they are, by key."""
    client = stack.embedded.store.client()
    for key, data in copies.items():
        client.put_object(BUCKET, key, io.BytesIO(data), len(data), "image/webp")
