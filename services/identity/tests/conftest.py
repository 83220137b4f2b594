"""identity on real servers."""

import base64
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.licences import issue
from dermfolio.common.setup import apply
from dermfolio.common.testing import Ground
from dermfolio.contracts.identity import SignIn
from dermfolio.identity import passwords
from dermfolio.identity.app import service
from dermfolio.identity.settings import IdentitySettings
from dermfolio.local.servers.nats_server import NatsServer
from dermfolio.local.testing import NewDatabase

from .licences import VENDOR, licence
from .office import Office

MIGRATIONS = Path(__file__).parents[1] / "migrations"
ONE_TIME = "One-Time-Pass-1!"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a hash costs is measured by benchmarks/auth; here it would cost minutes."""
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)
    monkeypatch.setattr(passwords, "_nobody", cheap.hash("nobody's"))


@pytest.fixture
def ground(nats: NatsServer) -> Ground:
    return Ground(nats)


@pytest.fixture
def licence_file(tmp_path: Path) -> Path:
    """The licence that is mounted."""
    file = tmp_path / "mounted.licence"
    file.write_bytes(issue(licence(), VENDOR))
    return file


@pytest.fixture
def settings(ground: Ground, new_database: NewDatabase, licence_file: Path) -> IdentitySettings:
    return ground.settings(
        IdentitySettings,
        "identity",
        new_database("identity"),
        identity_key=base64.urlsafe_b64encode(os.urandom(32)).decode(),
        first_admin_password=ONE_TIME,
        first_site_name="Zürich",
        evaluation_licence_key=str(VENDOR.public),
        licence_file=licence_file,
    )


@pytest.fixture
async def identity(ground: Ground, settings: IdentitySettings) -> AsyncIterator[Requests]:
    """The service runs; yields what asks it as the gateway does."""
    await apply(ground.nats.url, ground.nats.passwords["setup"])
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(ground.running("identity", settings, service, MIGRATIONS))
        yield await stack.enter_async_context(ground.asking())


@pytest.fixture
async def office(ground: Ground, identity: Requests) -> Office:
    return Office(ground, identity, await identity.ask(SignIn(login="admin", password=ONE_TIME)))


@pytest.fixture
async def db(settings: IdentitySettings, identity: Requests) -> AsyncIterator[Database]:
    async with Database(settings.database_url, settings.database_password.get_secret_value()) as database:
        yield database
