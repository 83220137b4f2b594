"""Signing in by a provider that was written by others and runs as a process of its own."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from dermfolio.common.errors import Refused
from dermfolio.contracts.roles import Role
from dermfolio.local.servers.oidc_provider import OidcProvider

from .clinic import Clinic

STAFF = {"sub": "iris@clinic.example", "preferred_username": "iris", "name": "Dr. Iris Keller", "groups": ["derma"]}
VISITOR = {"sub": "visitor", "groups": ["visitors"]}


@pytest.fixture
async def own(tmp_path: Path) -> AsyncIterator[OidcProvider]:
    async with OidcProvider(tmp_path, STAFF, VISITOR) as provider:
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
