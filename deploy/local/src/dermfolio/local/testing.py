"""pytest fixtures of real servers: loaded by `-p dermfolio.local.testing`, nothing is imported or started until used.

Each xdist worker has servers of its own, on free ports, in directories that are removed at the end.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from minio import Minio

    from dermfolio.local.servers.nats_server import NatsServer
    from dermfolio.local.servers.object_store import ObjectStore
    from dermfolio.local.servers.postgres import Postgres

NewDatabase = Callable[[str], str]


@dataclass(frozen=True)
class OwnedDatabase:
    """A database that a role owns, and another one uses: URLs with passwords."""

    url: str
    owners_url: str


NewOwnedDatabase = Callable[[str], OwnedDatabase]
_numbers = count(1)


@dataclass(frozen=True)
class Bucket:
    """An empty bucket and what it takes to use it."""

    name: str
    endpoint: str
    access_key: str
    secret_key: str
    client: "Minio"


@pytest.fixture(scope="session")
def server_directory() -> Iterator[Path]:
    """A scratch directory for this worker's servers."""
    from dermfolio.local.scratch import scratch_directory

    with scratch_directory() as directory:
        yield directory


@pytest.fixture(scope="session")
def postgres(server_directory: Path) -> Iterator["Postgres"]:
    """This worker's PostgreSQL, which never waits for the disk."""
    from dermfolio.local.secrets import password
    from dermfolio.local.servers.postgres import Postgres

    server = Postgres(server_directory / "postgres", password=password(), durable=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def new_database(postgres: "Postgres") -> Iterator[NewDatabase]:
    """Make an empty database and a role that owns it: `new_database("images")` returns its URL with the password.

    Both are called `<name>_<number>`, and gone after the test.
    """
    from dermfolio.local.secrets import password
    from dermfolio.local.servers.databases import drop_database, ensure_database

    made: list[str] = []

    def make(name: str) -> str:
        unique = f"{name}_{next(_numbers)}"
        secret = password()
        made.append(unique)
        ensure_database(postgres, unique, secret)
        return f"postgresql://{unique}:{secret}@127.0.0.1:{postgres.port}/{unique}"

    yield make
    for name in made:
        drop_database(postgres, name)


@pytest.fixture
def new_owned_database(postgres: "Postgres") -> Iterator[NewOwnedDatabase]:
    """Make an empty database, a role that owns it, and one that may do what a migration grants it."""
    from dermfolio.local.secrets import password
    from dermfolio.local.servers.databases import drop_database, ensure_database, owner_of

    made: list[str] = []

    def make(name: str) -> OwnedDatabase:
        unique = f"{name}_{next(_numbers)}"
        own, owners = password(), password()
        made.append(unique)
        ensure_database(postgres, unique, own, owner_password=owners)
        place = f"127.0.0.1:{postgres.port}/{unique}"
        return OwnedDatabase(
            f"postgresql://{unique}:{own}@{place}", f"postgresql://{owner_of(unique)}:{owners}@{place}"
        )

    yield make
    for name in made:
        drop_database(postgres, name)


@pytest.fixture
def database_url(new_database: NewDatabase) -> str:
    """The URL, with password, of an empty database."""
    return new_database("test")


@contextmanager
def _nats(directory: Path) -> Iterator["NatsServer"]:
    from dermfolio.contracts.catalog import CATALOG
    from dermfolio.contracts.permissions import SETUP_USER
    from dermfolio.local.secrets import password
    from dermfolio.local.servers.nats_server import NatsServer

    server = NatsServer(directory, passwords={user: password() for user in (*CATALOG, SETUP_USER)})
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def nats_server(server_directory: Path) -> Iterator["NatsServer"]:
    """This worker's nats-server with all users of the catalogue; its streams are shared by all tests that use it."""
    with _nats(server_directory / "nats") as server:
        yield server


@pytest.fixture
def nats(server_directory: Path) -> Iterator["NatsServer"]:
    """A nats-server for this test alone, with all users of the catalogue and no streams; it takes 20 ms."""
    directory = server_directory / f"nats-{next(_numbers)}"
    with _nats(directory) as server:
        yield server
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def object_store(server_directory: Path) -> Iterator["ObjectStore"]:
    """This worker's S3 server: SeaweedFS, or MinIO where `DERMFOLIO_LOCAL_STORE=minio` asks for it."""
    from dermfolio.local.secrets import hexadecimal, password
    from dermfolio.local.servers.minio_server import MinIO, is_wanted
    from dermfolio.local.servers.object_store import SETUP, Credentials
    from dermfolio.local.servers.seaweedfs import SeaweedFS

    identities = {SETUP: Credentials(hexadecimal(), password())}
    keys = {name: hexadecimal() for name in SeaweedFS.key_names}
    server: ObjectStore
    if is_wanted():
        server = MinIO(server_directory / MinIO.name, identities=identities)
    else:
        server = SeaweedFS(server_directory / SeaweedFS.name, identities=identities, keys=keys)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def bucket(object_store: "ObjectStore") -> Iterator[Bucket]:
    """An empty bucket with credentials that may do anything; gone after the test with what is in it."""
    from dermfolio.local.servers.object_store import SETUP

    name = f"test-{next(_numbers)}"
    object_store.ensure_bucket(name)
    who = object_store.identities[SETUP]
    client = object_store.client()
    yield Bucket(name, object_store.url, who.access_key, who.secret_key, client)
    object_store.remove_bucket(name)
