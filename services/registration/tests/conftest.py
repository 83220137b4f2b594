"""registration with images and patients beside it, two of each, on real servers: once for all tests of a module."""

import base64
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.host import Build
from dermfolio.common.settings import DatabaseSettings
from dermfolio.common.setup import apply
from dermfolio.common.testing import Ground, at
from dermfolio.contracts.roles import Role
from dermfolio.local.secrets import password
from dermfolio.local.servers.databases import drop_database, ensure_database
from dermfolio.local.servers.nats_server import NatsServer
from dermfolio.local.servers.postgres import Postgres
from dermfolio.registration.app import service
from dermfolio.registration.settings import RegistrationSettings
from services.patients.tests.identity import Identity
from services.registration.tests.desk import Desk

ROOT = Path(__file__).parents[3]
REPLICAS = 2
NO_STORE = {"s3_endpoint": "http://127.0.0.1:9", "s3_access_key": token_hex(16), "s3_secret_key": token_hex(16)}
"""Nothing here has bytes: what is compared are ids."""


@dataclass(frozen=True)
class Ward:
    """The running services."""

    ground: Ground
    ask: Requests
    db: Database
    images_db: Database


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that is asynchronous here runs in the loop of its module, where the services do."""
    for item in items:
        if Path(__file__).parent in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ward(nats_server: NatsServer, postgres: Postgres) -> AsyncIterator[Ward]:
    """Two of each service."""
    # the services beside it run from their own code, as they do in production
    from dermfolio.images.app import service as images_service
    from dermfolio.images.settings import ImagesSettings
    from dermfolio.patients.app import service as patients_service
    from dermfolio.patients.settings import PatientsSettings

    ground, tag = Ground(nats_server), token_hex(4)
    await apply(nats_server.url, nats_server.passwords["setup"])
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context

        async def run(name: str, cls: type[DatabaseSettings], build: Build, **more: Any) -> Database:
            database, secret = f"{name}_{tag}", password()
            ensure_database(postgres, database, secret)
            stack.callback(drop_database, postgres, database)
            url = f"postgresql://{database}:{secret}@127.0.0.1:{postgres.port}/{database}"
            settings = ground.settings(cls, name, url, **more)
            for _ in range(REPLICAS):
                await enter(ground.running(name, settings, build, ROOT / f"services/{name}/migrations"))
            return await enter(Database(settings.database_url, secret))

        await enter(Identity().answering(ground))
        key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        await run("patients", PatientsSettings, patients_service, installation_key=key)
        images_db = await run("images", ImagesSettings, images_service, **NO_STORE)
        db = await run("registration", RegistrationSettings, service, give_up_every_seconds=0.2)
        yield Ward(ground, await enter(ground.asking()), db, images_db)


@pytest_asyncio.fixture(loop_scope="module")
async def desk(ward: Ward) -> Desk:
    """A patient's entry whose workspace holds three photographs, and who compares them."""
    site, unique_id = uuid4(), f"pat-{token_hex(6)}"
    call = ward.ground.call(at(site, Role.CLINICIAN))
    made = Desk(ward.ground, ward.ask, ward.db, ward.images_db, site, call, unique_id)
    made.patient = await made.new_patient(unique_id)
    made.entry = await made.another_entry()
    made.images = [await made.photograph() for _ in range(3)]
    await made.choose(made.images)
    return made
