"""identity with two providers: the clinic's own, and another one that it trusts as well."""

import base64
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from dermfolio.common.db import Database
from dermfolio.common.setup import apply
from dermfolio.common.testing import Ground
from dermfolio.contracts.identity import SignIn
from dermfolio.identity.app import service
from dermfolio.identity.settings import IdentitySettings
from dermfolio.local.testing import NewDatabase
from services.identity.tests.conftest import MIGRATIONS, ONE_TIME
from services.identity.tests.licences import VENDOR
from services.identity.tests.office import Office

from .clinic import GROUPS, Clinic
from .hostile_provider import CLIENT, SECRET, HostileProvider


@pytest.fixture
async def own() -> AsyncIterator[HostileProvider]:
    async with HostileProvider().running() as provider:
        yield provider


@pytest.fixture
async def other() -> AsyncIterator[HostileProvider]:
    async with HostileProvider().running() as provider:
        yield provider


@pytest.fixture
def settings(
    ground: Ground, new_database: NewDatabase, licence_file: Path, own: HostileProvider, other: HostileProvider
) -> IdentitySettings:
    common = {"client_id": CLIENT, "groups": GROUPS}
    return ground.settings(
        IdentitySettings,
        "identity",
        new_database("identity"),
        identity_key=base64.urlsafe_b64encode(os.urandom(32)).decode(),
        first_admin_password=ONE_TIME,
        first_site_name="Zürich",
        evaluation_licence_key=str(VENDOR.public),
        licence_file=licence_file,
        oidc_providers=[
            {"id": "clinic", "name": "The clinic", "issuer": own.issuer, **common},
            {"id": "other", "name": "Another", "issuer": other.issuer, **common},
        ],
        oidc_client_secrets={"clinic": SECRET, "other": SECRET},
        oidc_seconds=10.0,
    )


@pytest.fixture
async def clinic(ground: Ground, settings: IdentitySettings, own: HostileProvider) -> AsyncIterator[Clinic]:
    await apply(ground.nats.url, ground.nats.passwords["setup"])
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(ground.running("identity", settings, service, MIGRATIONS))
        asking = await stack.enter_async_context(ground.asking())
        password = settings.database_password.get_secret_value()
        db = await stack.enter_async_context(Database(settings.database_url, password))
        office = Office(ground, asking, await asking.ask(SignIn(login="admin", password=ONE_TIME)))
        made = Clinic(asking, office, db, own)
        yield made
        await made.http.close()
