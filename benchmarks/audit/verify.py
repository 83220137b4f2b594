"""How fast the trail verifies: records over half a year, walked from the first to the head as the service does."""

import asyncio
import secrets
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from pydantic import SecretStr

from dermfolio.audit import repository
from dermfolio.audit.chain import Place, extend
from dermfolio.audit.walk import Count, walk
from dermfolio.common.db import Database
from dermfolio.common.migrate import upgrade_async
from dermfolio.common.settings import DatabaseAccess
from dermfolio.local.places import checkout
from dermfolio.local.scratch import scratch_directory
from dermfolio.local.secrets import password
from dermfolio.local.servers.databases import ensure_database
from dermfolio.local.servers.postgres import Postgres

RECORDS = 150_000
AT_ONCE = 1000
APART = timedelta(seconds=100)
WALKS = 5
ABOUT = f"{RECORDS:,} records of half a year, walked alone"

_PRODUCERS = ("identity", "patients", "images", "registration")


def per_second() -> float:
    """Records that are verified in a second; starts a PostgreSQL of its own."""
    with _database() as access:
        return statistics.median(asyncio.run(_rates(access)))


@contextmanager
def _database() -> Iterator[DatabaseAccess]:
    with scratch_directory() as directory:
        server = Postgres(directory / "postgres", password=password(), durable=False)
        server.start()
        try:
            secret = password()
            ensure_database(server, "audit", secret)
            yield DatabaseAccess(database_url=server.url_of("audit"), database_password=SecretStr(secret))
        finally:
            server.stop()


async def _rates(access: DatabaseAccess) -> list[float]:
    keys = {1: secrets.token_bytes(32)}
    await upgrade_async(access, checkout() / "services" / "audit" / "migrations")
    async with Database(access.database_url, access.database_password.get_secret_value()) as db:
        await _fill(db, keys[1])
        return [await _rate(db, keys) for _ in range(WALKS)]


async def _rate(db: Database, keys: dict[int, bytes]) -> float:
    begun = time.perf_counter()
    async with db.read() as connection:
        standing = await repository.standing(connection)
        fault = await walk(connection, standing, keys, Count())
    assert fault is None
    assert standing.head.position == RECORDS
    return RECORDS / (time.perf_counter() - begun)


async def _fill(db: Database, key: bytes) -> None:
    for start in range(0, RECORDS, AT_ONCE):
        records = [_record(number) for number in range(start, start + AT_ONCE)]
        async with db.write() as session:
            head: Place = await repository.lock_head(session)
            links = extend(head, records, key, 1)
            await repository.append(session, links, [record["at"] for record in records])


def _record(number: int) -> dict[str, Any]:
    """Somebody was shown a photograph."""
    at = datetime(2026, 1, 1, tzinfo=UTC) + number * APART
    moment = f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"
    return {
        "v": 1,
        "producer": _PRODUCERS[number % len(_PRODUCERS)],
        "seq": number // len(_PRODUCERS) + 1,
        "at": moment,
        "recorded_at": moment,
        "event": "images.viewed",
        "action": "R",
        "outcome": "success",
        "roles": ["clinician"],
        "object_kind": "image",
        "address": "192.0.2.17",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "request_id": secrets.token_hex(16),
        **{name: str(uuid4()) for name in ("id", "user", "session", "site", "patient", "object_id")},
    }
