"""Running services inside a test, on real servers: keys, settings, actors, and a way to ask as the gateway does."""

import asyncio
import base64
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from dermfolio.common.auth import Actor, ActorSigner, Call, public_key
from dermfolio.common.bus import Connection, Requests
from dermfolio.common.host import Build, Role, hosted
from dermfolio.common.migrate import newest, upgrade_async
from dermfolio.common.service import Service
from dermfolio.common.settings import DatabaseSettings
from dermfolio.contracts.catalog import CATALOG
from dermfolio.contracts.roles import Role as UserRole

S = TypeVar("S", bound=DatabaseSettings)
T = TypeVar("T")


class Nats(Protocol):
    """What is needed of a nats-server fixture."""

    @property
    def url(self) -> str:
        """Its address."""

    @property
    def passwords(self) -> Mapping[str, str]:
        """The password of each user."""


class Ground:
    """The keys of one installation, and its bus."""

    def __init__(self, nats: Nats) -> None:
        self.nats = nats
        self._seeds = {name: secrets.token_bytes(32) for name in CATALOG}
        self.trusted_keys = {name: public_key(seed) for name, seed in self._seeds.items()}

    def settings(self, cls: type[S], service: str, database_url: str, **more: Any) -> S:
        """Settings of a service on the database of this URL (with its password)."""
        parts = urlsplit(database_url)
        return cls(
            profile="evaluation",
            nats_url=self.nats.url,
            nats_password=self.nats.passwords[service],
            signing_key=base64.urlsafe_b64encode(self._seeds[service]).decode(),
            trusted_keys=self.trusted_keys,
            health_port=0,
            database_url=f"postgresql://{parts.username}@{parts.hostname}:{parts.port}{parts.path}",
            database_password=parts.password,
            **more,
        )

    def signer(self, service: str) -> ActorSigner:
        """What signs the actors of a service."""
        return ActorSigner(service, self._seeds[service])

    def call(self, actor: Actor) -> Call:
        """A call as the gateway makes it for a user."""
        return Call(actor, request_id="test-request", address="127.0.0.1", token=self.signer("gateway").sign(actor))

    @asynccontextmanager
    async def asking(self, service: str = "gateway", *, patience: float = 15.0) -> AsyncIterator[Requests]:
        """Ask with the credentials of a service."""
        async with (
            Connection(self.nats.url, service, self.nats.passwords[service]) as connection,
            Requests(connection, self.signer(service), patience=patience) as requests,
        ):
            yield requests

    @asynccontextmanager
    async def running(
        self, name: str, settings: DatabaseSettings, build: Build, migrations: Path, *, role: Role = "serve"
    ) -> AsyncIterator[Service]:
        """Migrate the service's database and run it in this event loop."""
        await upgrade_async(settings, migrations)
        async with hosted(name, settings, build, role, newest(migrations)) as service:
            yield service


def user(*, installation: UserRole | None = None, **roles: UserRole) -> Actor:
    """A user with roles: `user(**{str(site): Role.CLINICIAN})`."""
    return Actor(
        "user",
        "gateway",
        user=uuid4(),
        session=uuid4(),
        site_roles={UUID(site): frozenset({role}) for site, role in roles.items()},
        installation_roles=frozenset({installation} if installation else ()),
    )


def at(site: UUID, role: UserRole) -> Actor:
    """A user with one role at one site."""
    return user(**{str(site): role})


async def eventually(probe: Callable[[], Awaitable[T | None]], *, seconds: float = 30.0) -> T:
    """Ask again and again until the answer is something; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (found := await probe()):
        if time.monotonic() > deadline:
            raise AssertionError(f"nothing after {seconds} s")
        await asyncio.sleep(0.05)
    return found
