"""patients on real servers."""

import base64
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from dermfolio.common.auth import Actor
from dermfolio.common.bus import Requests
from dermfolio.common.setup import apply
from dermfolio.common.testing import Ground, at
from dermfolio.contracts.roles import Role
from dermfolio.local.servers.nats_server import NatsServer
from dermfolio.local.testing import NewDatabase
from dermfolio.patients.app import service
from dermfolio.patients.settings import PatientsSettings
from services.patients.tests.identity import Identity
from services.patients.tests.records import Desk

MIGRATIONS = Path(__file__).parents[1] / "migrations"


@pytest.fixture
def ground(nats: NatsServer) -> Ground:
    return Ground(nats)


@pytest.fixture
async def identity(ground: Ground) -> AsyncIterator[Identity]:
    async with Identity().answering(ground) as made:
        yield made


@pytest.fixture
def database_url(new_database: NewDatabase) -> str:
    return new_database("patients")


@pytest.fixture
async def patients(ground: Ground, database_url: str, identity: Identity) -> AsyncIterator[Requests]:
    """The service runs beside identity; yields what asks it as the gateway does."""
    await apply(ground.nats.url, ground.nats.passwords["setup"])
    settings = ground.settings(
        PatientsSettings,
        "patients",
        database_url,
        installation_key=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(ground.running("patients", settings, service, MIGRATIONS))
        yield await stack.enter_async_context(ground.asking())


@pytest.fixture
def desk(ground: Ground, patients: Requests) -> Desk:
    return Desk(ground, patients)


@pytest.fixture
def site() -> UUID:
    return uuid4()


@pytest.fixture
def clinician(site: UUID) -> Actor:
    return at(site, Role.CLINICIAN)
