"""A gateway on a real bus and a real object store. The owners of data are small ones that answer in this process,
through the same `Answers` that services use.
"""

import asyncio
import base64
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from dermfolio.common import setup
from dermfolio.common.auth import ActorVerifier, public_key
from dermfolio.common.blobs import Blobs
from dermfolio.common.bus import Answers, Connection, Publisher
from dermfolio.contracts.messages import Event
from dermfolio.contracts.permissions import SETUP_USER
from dermfolio.gateway.app import Gateway
from dermfolio.gateway.host import hosted
from dermfolio.gateway.settings import GatewaySettings
from dermfolio.local.servers.nats_server import NatsServer
from dermfolio.local.servers.ports import free_ports
from dermfolio.local.testing import Bucket

from .conformance import Seen, check
from .identity_owner import IdentityOwner
from .owner import PASSWORD, Owner
from .owners import AuditOwner, ImagesOwner, PatientsOwner
from .registration_owner import RegistrationOwner

SEED = os.urandom(32)


@dataclass
class World:
    """Everything around a gateway."""

    nats: NatsServer
    bucket: Bucket
    identity: IdentityOwner
    patients: PatientsOwner
    images: ImagesOwner
    audit: AuditOwner
    registration: RegistrationOwner
    connections: dict[str, Connection] = field(default_factory=dict)
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    def settings(self, **changes: Any) -> GatewaySettings:
        """Settings of one more gateway, on ports of its own."""
        http, health = free_ports(2)
        return GatewaySettings(
            **{
                "profile": "evaluation",
                "nats_url": self.nats.url,
                "nats_password": self.nats.passwords["gateway"],
                "signing_key": base64.urlsafe_b64encode(SEED).decode(),
                "trusted_keys": {"gateway": public_key(SEED)},
                "health_port": health,
                "http_port": http,
                "public_url": f"http://127.0.0.1:{http}",
                "s3_endpoint": self.bucket.endpoint,
                "s3_bucket": self.bucket.name,
                "s3_access_key": self.bucket.access_key,
                "s3_secret_key": self.bucket.secret_key,
                "patience_seconds": 0.5,
                **changes,
            }
        )

    @asynccontextmanager
    async def gateway(self, **changes: Any) -> "AsyncIterator[Running]":
        """One more gateway for the length of the block."""
        settings = self.settings(**changes)
        async with hosted(settings) as made:
            yield Running(settings, made)

    async def owner(self, owner: Owner) -> None:
        """Have an owner answer on the bus."""
        connection = Connection(self.nats.url, owner.name, self.nats.passwords[owner.name])
        self.connections[owner.name] = await self.stack.enter_async_context(connection)
        verifier = ActorVerifier({"gateway": public_key(SEED)})
        await self.stack.enter_async_context(Answers(connection, verifier, owner.answers()))

    async def say(self, *events: Event) -> list[int]:
        """Put events into the stream, as their owner's relay does; returns their places."""
        places = []
        for event in events:
            places += await Publisher(self.connections[event.owner()]).publish([_outgoing(event)])
        return places

    def blobs(self) -> Blobs:
        """The store's objects, for looking into."""
        return Blobs(
            self.bucket.endpoint,
            self.bucket.name,
            access_key=self.bucket.access_key,
            secret_key=self.bucket.secret_key,
        )

    def stored(self) -> list[str]:
        """The keys of every object."""
        found = self.bucket.client.list_objects(self.bucket.name, recursive=True)
        return [str(item.object_name) for item in found]


def _outgoing(event: Event) -> Any:
    from dermfolio.common.bus.publishing import Outgoing

    return Outgoing(str(event.id), event.subject, event.model_dump_json().encode(), None)


@dataclass
class Running:
    """A gateway that runs."""

    settings: GatewaySettings
    made: Gateway

    @property
    def url(self) -> str:
        """Its address."""
        return self.settings.public_url

    @property
    def port(self) -> int:
        """Its port."""
        return self.settings.http_port


class Browser:
    """A client with a cookie jar that sends what browsers send."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.csrf = ""
        self.http = aiohttp.ClientSession(
            running.url, cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=aiohttp.ClientTimeout(total=60)
        )

    async def sign_in(self, login: str = "clinician") -> dict[str, Any]:
        """Sign in; later requests are confirmed with the token of the answer."""
        answer = await self.send("POST", "/session", json={"login": login, "password": PASSWORD})
        assert answer.status == 200, answer.body
        self.csrf = answer.json["csrf_token"]
        return answer.json

    async def send(self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any) -> "Seen":
        """Send a request to the API and read the whole answer."""
        sent = {"X-CSRF-Token": self.csrf} | (headers or {})
        place = path if path.startswith(("/ws", "/api", "//")) else f"/api/v1{path}"
        async with self.http.request(method, place, headers=sent, **more) as answer:
            seen = Seen(answer.status, answer.headers, await answer.read())
        check(self.running.made.operations, method, place, seen)
        return seen

    async def get(self, path: str, **more: Any) -> "Seen":
        """GET."""
        return await self.send("GET", path, **more)

    async def upload(self, patient: Any, image: Any, data: bytes, name: str = "skin.jpg", **more: Any) -> "Seen":
        """PUT a photograph."""
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": "image/jpeg"}
        return await self.send("PUT", f"/patients/{patient}/images/{image}", data=data, headers=headers, **more)

    def socket(self, **more: Any) -> Any:
        """Open the live connection."""
        return self.http.ws_connect("/ws", **more)

    async def close(self) -> None:
        """Leave."""
        await self.http.close()


async def until(so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(3000):
        if so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never was so")


@pytest.fixture
async def world(nats: NatsServer, bucket: Bucket) -> AsyncIterator[World]:
    """Bus, store and owners."""
    await setup.apply(nats.url, nats.passwords[SETUP_USER])
    patients = PatientsOwner()
    made = World(nats, bucket, IdentityOwner(), patients, ImagesOwner(patients), AuditOwner(), RegistrationOwner())
    async with made.stack:
        for owner in (made.identity, made.patients, made.images, made.audit, made.registration):
            await made.owner(owner)
        yield made


@pytest.fixture
async def running(world: World) -> AsyncIterator[Running]:
    """A gateway."""
    async with world.gateway() as made:
        yield made


@pytest.fixture
async def stranger(running: Running) -> AsyncIterator[Browser]:
    """A browser that is not signed in."""
    made = Browser(running)
    yield made
    await made.close()


@pytest.fixture
async def browser(stranger: Browser) -> Browser:
    """A browser signed in as a clinician of the first site."""
    await stranger.sign_in()
    return stranger


@pytest.fixture
async def new_browser(running: Running) -> AsyncIterator[Callable[..., Awaitable[Browser]]]:
    """Make browsers, signed in as somebody, at this gateway or another."""
    made: list[Browser] = []

    async def make(login: str | None = "clinician", at: Running | None = None) -> Browser:
        made.append(Browser(at or running))
        if login is not None:
            await made[-1].sign_in(login)
        return made[-1]

    yield make
    for one in made:
        await one.close()
