"""The whole system and a real browser: Debian's Chromium, or the one that `CHROMIUM` names."""

import json
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from dermfolio.local.first_admin import USER
from dermfolio.local.scratch import scratch_directory
from dermfolio.local.servers.oidc_provider import OidcProvider
from dermfolio.local.stack import Stack
from dermfolio.ops.api_client import Api

from .screen import PATIENCE_MS, Screen, opened

START_SECONDS = 180.0
expect.set_options(timeout=PATIENCE_MS)
STAFF = (
    {"sub": "iris", "preferred_username": "iris", "name": "Dr. Iris Keller", "groups": ["dermatology"]},
    {"sub": "visitor", "groups": ["visitors"]},
)
"""Whom the clinic's provider knows."""

FLAGS = (
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)


@dataclass
class System:
    """The running system with one gateway after the other, and who may sign in."""

    stack: Stack
    one_time_password: str
    password: str | None = None
    """The administrator's, once it is chosen."""

    @property
    def url(self) -> str:
        """The first gateway."""
        return self.stack.gateways[0]

    async def api(self, exits: AsyncExitStack) -> Api:
        """A signed-in client of the API, for what a test needs before it looks."""
        api = await exits.enter_async_context(Api(self.url))
        if self.password is None:
            self.password = f"Aa1-{secrets.token_urlsafe(12)}"
            await api.sign_in(USER, self.one_time_password)
            await api.change_password(self.one_time_password, self.password)
        await api.sign_in(USER, self.password)
        return api


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def system() -> AsyncIterator[System]:
    """One of everything, two gateways."""
    with scratch_directory() as directory:
        # by this name it is another site than the gateways, whose names are addresses
        async with OidcProvider(directory, *STAFF, name="localhost") as provider:
            stack = Stack(directory / "run", durable=False, env={"identity": trusting(provider)})
            stack.secrets.ensure(
                "identity", "oidc_client_secrets", lambda: json.dumps({"clinic": "a secret of a test"})
            )
            await stack.start(START_SECONDS)
            try:
                assert stack.first_admin_password is not None
                yield System(stack, stack.first_admin_password)
            finally:
                await stack.stop()


def trusting(provider: OidcProvider) -> dict[str, str]:
    """What identity is told, so that it believes a provider."""
    clinic = {
        "id": "clinic",
        "name": "Clinic account",
        "issuer": provider.issuer,
        "client_id": "dermfolio",
        "groups": {"dermatology": {"sites": {"Main site": "clinician"}}},
    }
    return {"DERMFOLIO_OIDC_PROVIDERS": json.dumps([clinic])}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser process."""
    program = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    if program is None:
        pytest.fail("there is no Chromium: install Debian's package, or name one in CHROMIUM")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def api(system: System) -> AsyncIterator[Api]:
    """The API, signed in as the administrator, who works at the site."""
    async with AsyncExitStack() as exits:
        yield await system.api(exits)


NewScreen = Callable[..., Awaitable[Screen]]


@pytest_asyncio.fixture(loop_scope="session")
async def new_screen(system: System, chromium: Browser) -> AsyncIterator[NewScreen]:
    """Open browsers with nothing in common. Whatever a page complained of fails the test."""
    async with AsyncExitStack() as exits:
        screens: list[Screen] = []

        async def make(*, signed_in: bool = True, **options: object) -> Screen:
            screen = await exits.enter_async_context(opened(chromium, system.url, **options))
            screens.append(screen)
            if signed_in:
                await system.api(exits)
                await screen.sign_in(USER, system.password or "")
            return screen

        yield make
        complaints = [complaint for screen in screens for complaint in screen.complaints]
    assert not complaints, "\n".join(complaints)


@pytest_asyncio.fixture(loop_scope="session")
async def screen(new_screen: NewScreen) -> Screen:
    """A signed-in browser."""
    return await new_screen()
