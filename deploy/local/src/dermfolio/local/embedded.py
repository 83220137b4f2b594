"""The three servers of the embedded stack, with the secrets that they and the services share."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

from dermfolio.contracts.catalog import CATALOG
from dermfolio.contracts.permissions import SETUP_USER
from dermfolio.local.secrets import Secrets, hexadecimal, password
from dermfolio.local.servers.databases import ensure_database, owner_of
from dermfolio.local.servers.minio_server import MinIO
from dermfolio.local.servers.minio_server import is_wanted as minio_is_wanted
from dermfolio.local.servers.nats_server import NatsServer
from dermfolio.local.servers.object_store import BUCKET, SETUP, TRAIL_BUCKET, Credentials, ObjectStore
from dermfolio.local.servers.postgres import Postgres
from dermfolio.local.servers.seaweedfs import SeaweedFS
from dermfolio.local.servers.server import Server, ServerError
from dermfolio.local.services import SERVICES

DATABASE_PASSWORD = "database_password"  # noqa: S105 - the name of the file


class Embedded:
    """PostgreSQL, NATS and an S3 server on one directory."""

    def __init__(self, directory: Path, secrets: Secrets, *, durable: bool) -> None:
        """Make the values, and the secrets that are missing; nothing runs yet."""
        self._secrets = secrets
        place, logs = directory / "servers", directory / "logs"
        self.postgres = Postgres(
            place / "postgres",
            password=secrets.ensure("postgres", "superuser_password"),
            durable=durable,
            log=logs / "postgres.log",
        )
        users = [*CATALOG, SETUP_USER]
        self.nats = NatsServer(
            place / "nats",
            passwords={user: secrets.ensure(user, "nats_password") for user in users},
            log=logs / "nats.log",
        )
        self.store = _object_store(place, secrets, logs)

    def __iter__(self) -> Iterator[Server]:
        """All three."""
        return iter((self.postgres, self.nats, self.store))

    async def start(self) -> None:
        """Start them side by side, and make databases, roles and the bucket if missing; raises ServerError."""
        await asyncio.gather(
            asyncio.to_thread(self._start_databases),
            asyncio.to_thread(self.nats.start),
            asyncio.to_thread(self._start_store),
        )

    async def stop(self) -> None:
        """Stop them side by side."""
        await asyncio.gather(*(asyncio.to_thread(server.stop) for server in self))

    def _start_databases(self) -> None:
        self.postgres.start()
        for kind in SERVICES:
            if kind.has_database:
                owns = self._secrets.ensure(owner_of(kind.name), DATABASE_PASSWORD) if kind.has_owner else None
                own = self._secrets.ensure(kind.name, DATABASE_PASSWORD)
                ensure_database(self.postgres, kind.name, own, owner_password=owns)

    def _start_store(self) -> None:
        self.store.start()
        self.store.ensure_bucket()
        self.store.ensure_locked_bucket(TRAIL_BUCKET)


def _object_store(place: Path, secrets: Secrets, logs: Path) -> ObjectStore:
    """SeaweedFS, or MinIO where it is wanted."""
    wants_minio = minio_is_wanted()
    chosen, other = (MinIO, SeaweedFS) if wants_minio else (SeaweedFS, MinIO)
    if (place / other.name).exists():
        raise ServerError(f"the objects of {place} are kept by {other.name}; 'make clean' removes them")
    setup = _credentials(secrets, SETUP)
    identities = {SETUP: setup} | {
        kind.name: _credentials(secrets, kind.name, bucket=kind.bucket, same_as=setup if wants_minio else None)
        for kind in SERVICES
        if kind.bucket is not None
    }
    log = logs / f"{chosen.name}.log"
    if wants_minio:
        return MinIO(place / MinIO.name, identities=identities, log=log)
    keys = {name: secrets.ensure(SeaweedFS.name, name, hexadecimal) for name in SeaweedFS.key_names}
    return SeaweedFS(place / SeaweedFS.name, identities=identities, keys=keys, log=log)


def _credentials(
    secrets: Secrets, user: str, *, bucket: str = BUCKET, same_as: Credentials | None = None
) -> Credentials:
    return Credentials(
        secrets.ensure(user, "s3_access_key", lambda: same_as.access_key if same_as else hexadecimal()),
        secrets.ensure(user, "s3_secret_key", lambda: same_as.secret_key if same_as else password()),
        bucket,
    )
