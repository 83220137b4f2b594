"""What databases, bus and store hold, seen directly and not through the system under test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote

import asyncpg
import nats
from nats.js.client import JetStreamContext

from dermfolio.contracts.permissions import SETUP_USER
from dermfolio.contracts.streams import DurableConsumer
from dermfolio.local.servers.object_store import BUCKET
from dermfolio.local.stack import Stack

PRODUCERS = ("identity", "patients", "images", "registration")
FOLLOWED = (
    ("patients", "patients-images", ("images",)),
    ("patients", "patients-registration", ("registration",)),
    ("images", "images-registration", ("registration",)),
    ("audit", "trail", PRODUCERS),
)
"""(database, follower, producers whose facts it takes up)."""


@dataclass(frozen=True)
class Truth:
    """Open for the length of `looking_into`."""

    stack: Stack
    bus: JetStreamContext
    _databases: dict[str, asyncpg.Connection]

    async def rows(self, database: str, query: str, *values: object) -> list[asyncpg.Record]:
        """Rows of a service's database."""
        if database not in self._databases:
            postgres = self.stack.embedded.postgres
            secret = quote(postgres.password, safe="")
            self._databases[database] = await asyncpg.connect(
                f"postgresql://postgres:{secret}@127.0.0.1:{postgres.port}/{database}", timeout=10
            )
        found: list[asyncpg.Record] = await self._databases[database].fetch(query, *values, timeout=30)
        return found

    async def value(self, database: str, query: str, *values: object) -> int:
        """The number in the only row."""
        [[number]] = await self.rows(database, query, *values)
        return int(number)

    async def objects(self) -> dict[str, int]:
        """Every object's key, with its size in sealed bytes."""
        client = self.stack.embedded.store.client()

        def listed() -> dict[str, int]:
            found = client.list_objects(BUCKET, recursive=True)
            return {str(item.object_name): int(item.size or 0) for item in found}

        return await asyncio.to_thread(listed)

    async def messages(self, stream: str) -> int:
        """How many messages a stream keeps."""
        return (await self.bus.stream_info(stream)).state.messages

    async def open_jobs(self, consumer: DurableConsumer) -> int:
        """Jobs that a consumer has still to be given, or has not acknowledged."""
        info = await self.bus.consumer_info(consumer.stream, consumer.name)
        return (info.num_pending or 0) + (info.num_ack_pending or 0)


@asynccontextmanager
async def looking_into(stack: Stack) -> AsyncIterator[Truth]:
    """Look into a stack whose servers are there."""
    client = await nats.connect(stack.embedded.nats.url_of(SETUP_USER), connect_timeout=10)
    truth = Truth(stack, client.jetstream(timeout=10), {})
    try:
        yield truth
    finally:
        for connection in truth._databases.values():
            await connection.close()
        await client.close()
