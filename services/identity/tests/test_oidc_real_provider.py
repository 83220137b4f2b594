"""Signing in by a provider that was written by others and runs as a process of its own."""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest

from dermfolio.common.errors import Refused
from dermfolio.common.testing import eventually
from dermfolio.contracts.roles import Role
from dermfolio.local.servers.ports import free_ports

from .test_oidc import Clinic, clinic, other, settings

__all__ = ["clinic", "other", "settings"]

STAFF = {"sub": "iris@clinic.example", "preferred_username": "iris", "name": "Dr. Iris Keller", "groups": ["derma"]}
VISITOR = {"sub": "visitor", "groups": ["visitors"]}


class RealProvider:
    """`oidc-provider-mock` at an address."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.issuer = f"http://127.0.0.1:{port}"

    async def _is_up(self) -> bool:
        with contextlib.suppress(aiohttp.ClientError):
            async with aiohttp.ClientSession() as http, http.get(f"{self.issuer}/jwks") as answer:
                return answer.status == 200
        return False

    @contextlib.asynccontextmanager
    async def running(self) -> "AsyncIterator[RealProvider]":
        users = [argument for user in (STAFF, VISITOR) for argument in ("--user-claims", json.dumps(user))]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "oidc_provider_mock", "--port", str(self.port), "--require-nonce", "true", *users),
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await eventually(self._is_up, seconds=60)
            yield self
        finally:
            process.terminate()
            await process.wait()


@pytest.fixture
async def own() -> AsyncIterator[RealProvider]:
    [port] = free_ports(1)
    async with RealProvider(port).running() as provider:
        yield provider


async def chosen(clinic: Clinic, address: str, sub: str) -> dict[str, str]:
    """What the browser brings back once somebody was chosen on the provider's page."""
    async with clinic.http.post(address, data={"sub": sub}, allow_redirects=False) as answer:
        assert answer.status in {302, 303}, await answer.text()
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


@pytest.mark.req("ORG-6")
async def test_a_real_provider_signs_its_people_in_and_nobody_else(clinic: Clinic) -> None:
    begun = await clinic.begin()
    back = await chosen(clinic, begun.address, STAFF["sub"])
    opened = await clinic.finish(begun, back)
    view = opened.facts.view
    assert (view.login, view.display_name, view.sites[0].roles) == ("iris", "Dr. Iris Keller", [Role.CLINICIAN])
    with pytest.raises(Refused) as refusal:
        await clinic.finish(begun, back)
    assert refusal.value.code == "provider_sign_in_stale"
    begun = await clinic.begin()
    with pytest.raises(Refused) as refusal:
        await clinic.finish(begun, await chosen(clinic, begun.address, VISITOR["sub"]))
    assert refusal.value.code == "no_access"
