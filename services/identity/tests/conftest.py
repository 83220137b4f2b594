"""identity on real servers."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from dermfolio.common.bus import Requests
from dermfolio.common.setup import apply
from dermfolio.common.testing import Ground
from dermfolio.identity.app import service
from dermfolio.identity.settings import IdentitySettings
from dermfolio.local.servers.nats_server import NatsServer
from dermfolio.local.testing import NewDatabase

MIGRATIONS = Path(__file__).parents[1] / "migrations"
ONE_TIME = "One-Time-Pass-1!"


@pytest.fixture
def ground(nats: NatsServer) -> Ground:
    return Ground(nats)


@pytest.fixture
def settings(ground: Ground, new_database: NewDatabase) -> IdentitySettings:
    return ground.settings(
        IdentitySettings, "identity", new_database("identity"), first_admin_password=ONE_TIME, first_site_name="Zürich"
    )


@pytest.fixture
async def identity(ground: Ground, settings: IdentitySettings) -> AsyncIterator[Requests]:
    """The service runs; yields what asks it as the gateway does."""
    await apply(ground.nats.url, ground.nats.passwords["setup"])
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(ground.running("identity", settings, service, MIGRATIONS))
        yield await stack.enter_async_context(ground.asking())
