"""A clinic whose people sign in by a provider."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest

from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.contracts.identity import GetSession, SessionFacts, SignedIn
from dermfolio.contracts.oidc import BeginSignIn, FinishSignIn, SignInBegun
from dermfolio.identity.tokens import token_sha256
from services.identity.tests.office import Office

from .hostile_provider import HostileProvider, Person

RETURNS_TO = "https://photos.clinic.example/callback"

GROUPS = {
    "derma": {"sites": {"Zürich": "clinician"}},
    "heads": {"sites": {"Zürich": "site_admin"}},
    "it": {"installation": "admin"},
    "abroad": {"sites": {"No such site": "viewer"}},
}


class Clinic:
    """Identity with two providers: the clinic's own, and another one that it trusts as well."""

    def __init__(self, identity: Requests, office: Office, db: Database, own: HostileProvider) -> None:
        self.identity = identity
        self.office = office
        self.db = db
        self.own = own
        self.http = aiohttp.ClientSession()

    async def begin(self, provider: str = "clinic") -> SignInBegun:
        return await self.identity.ask(BeginSignIn(provider=provider, returns_to=RETURNS_TO))

    async def back(self, address: str) -> dict[str, str]:
        """What the browser is sent back with, once somebody signed in at the provider."""
        async with self.http.get(address, allow_redirects=False) as answer:
            assert answer.status == 303
            returned = urlsplit(answer.headers["Location"])
        assert f"{returned.scheme}://{returned.netloc}{returned.path}" == RETURNS_TO
        return dict(parse_qsl(returned.query))

    async def finish(self, begun: SignInBegun, back: dict[str, str], **changes: Any) -> SignedIn:
        answer = {
            "provider": "clinic",
            "browser": begun.browser,
            "state": back["state"],
            "code": back.get("code"),
            "issuer": back.get("iss"),
        }
        return await self.identity.ask(FinishSignIn(**{**answer, **changes}))

    async def sign_in(self, *groups: str, sub: str = "00u1", **claims: Any) -> SignedIn:
        """Sign in as somebody of these groups."""
        self.own.person = Person(sub, {"groups": list(groups), **claims})
        begun = await self.begin()
        return await self.finish(begun, await self.back(begun.address))

    async def refused(self, *groups: str, **claims: Any) -> str:
        """Sign in, in vain; the code of the refusal."""
        with pytest.raises(Refused) as refusal:
            await self.sign_in(*groups, **claims)
        return refusal.value.code

    async def counted(self, table: str) -> int:
        async with self.db.read() as rows:
            return int(await rows.fetchval(f"SELECT count(*) FROM {table}"))  # noqa: S608 - names of ours

    async def state(self) -> tuple[int, ...]:
        """How many users, bindings and sessions there are."""
        return tuple([await self.counted(table) for table in ("users", "oidc_identities", "sessions")])

    async def facts(self, opened: SignedIn) -> SessionFacts:
        return await self.identity.ask(GetSession(token_sha256=token_sha256(opened.token)))
