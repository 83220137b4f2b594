"""Signing in by a provider: what is believed of it, whom it means, what its groups give."""

import asyncio
import base64
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import aiohttp
import pytest
import sqlalchemy as sa
from aiohttp import web

from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.setup import apply
from dermfolio.common.testing import Ground, eventually
from dermfolio.contracts.identity import GetInstallation, GetSession, SessionFacts, SignedIn, SignIn
from dermfolio.contracts.oidc import BeginSignIn, FinishSignIn, SignInBegun
from dermfolio.contracts.organisation import DisableUser, GetUser, SetInstallationRoles, SetSiteRoles
from dermfolio.contracts.replay import Fact, ReplayIdentity
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.organisation import UserState
from dermfolio.identity.app import service
from dermfolio.identity.oidc import relying
from dermfolio.identity.oidc.speaking import Speaking
from dermfolio.identity.oidc_handlers import OidcHandlers
from dermfolio.identity.policy import Policy
from dermfolio.identity.settings import IdentitySettings
from dermfolio.identity.sign_in import session_of
from dermfolio.identity.tokens import token_sha256
from dermfolio.local.testing import NewDatabase

from .conftest import MIGRATIONS, ONE_TIME
from .hostile_provider import CLIENT, KEYS, SECRET, HostileProvider, Json, Keys, Person
from .test_organisation import Office

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
    ground: Ground, new_database: NewDatabase, own: HostileProvider, other: HostileProvider
) -> IdentitySettings:
    common = {"client_id": CLIENT, "groups": GROUPS}
    return ground.settings(
        IdentitySettings,
        "identity",
        new_database("identity"),
        identity_key=base64.urlsafe_b64encode(os.urandom(32)).decode(),
        first_admin_password=ONE_TIME,
        first_site_name="Zürich",
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


@pytest.mark.req("ORG-6")
async def test_who_a_group_gives_a_role_becomes_a_user_at_the_first_sign_in(clinic: Clinic) -> None:
    opened = await clinic.sign_in("derma", "unknown here", preferred_username="Iris.Keller", name="Dr. Iris Keller")
    facts = await clinic.facts(opened)
    assert (facts.view.login, facts.view.display_name) == ("iris.keller", "Dr. Iris Keller")
    assert facts.site_roles == {clinic.office.first_site: [Role.CLINICIAN]}
    assert (facts.installation_roles, facts.password_change_required) == ([], False)
    seen = await clinic.identity.ask(GetUser(user=facts.user), clinic.office.call())
    assert seen.state is UserState.ACTIVE


@pytest.mark.req("ORG-6")
async def test_the_same_subject_is_the_same_user_whatever_else_the_provider_says(clinic: Clinic) -> None:
    first = await clinic.sign_in("derma", preferred_username="iris", name="Iris")
    again = await clinic.sign_in("derma", preferred_username="somebody", name="Else", email="x@clinic.example")
    assert again.facts.user == first.facts.user
    assert again.facts.view.login == "iris"
    other = await clinic.sign_in("derma", sub="00u2", preferred_username="iris", name="Iris")
    assert other.facts.user != first.facts.user


@pytest.mark.req("ORG-6")
async def test_the_browser_is_sent_away_with_everything_that_has_to_come_back(clinic: Clinic) -> None:
    begun = await clinic.begin()
    asked = dict(parse_qsl(urlsplit(begun.address).query))
    assert begun.address.startswith(f"{clinic.own.issuer}/authorize?")
    assert {k: asked[k] for k in ("response_type", "client_id", "redirect_uri", "scope", "code_challenge_method")} == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": RETURNS_TO,
        "scope": "openid profile",
        "code_challenge_method": "S256",
    }
    assert len({asked["state"], asked["nonce"], asked["code_challenge"], begun.browser}) == 4
    another = dict(parse_qsl(urlsplit((await clinic.begin()).address).query))
    assert all(another[name] != asked[name] for name in ("state", "nonce", "code_challenge"))


@pytest.mark.req("ORG-6")
@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_each_kind_of_signature_signs_in(clinic: Clinic, algorithm: str) -> None:
    clinic.own.algorithm = algorithm
    assert await clinic.sign_in("derma")


async def test_a_provider_that_reads_the_secret_in_the_form_gets_it_there(clinic: Clinic) -> None:
    clinic.own.document = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    await clinic.sign_in("derma")
    assert clinic.own.tokens[-1]["client_secret"] == SECRET


# What came back is not what was sent away


@pytest.mark.req("ORG-6")
async def test_an_answer_is_taken_from_the_browser_that_began_and_once_only(clinic: Clinic) -> None:
    before = await clinic.state()
    begun, strangers = await clinic.begin(), await clinic.begin()
    back = await clinic.back(begun.address)
    wrong: list[dict[str, Any]] = [
        {"state": "made-up"},
        {"state": ""},
        {"browser": ""},
        {"browser": strangers.browser},
        {"provider": "other"},
    ]
    for changes in wrong:
        with pytest.raises(Refused) as refusal:
            await clinic.finish(begun, back, **changes)
        assert refusal.value.code == "provider_sign_in_stale", changes
    assert not clinic.own.tokens, "no code is spent for somebody else"
    assert await clinic.state() == before
    clinic.own.person = Person("00u1", {"groups": ["derma"]})
    assert await clinic.finish(begun, back)
    with pytest.raises(Refused) as refusal:
        await clinic.finish(begun, back)
    assert refusal.value.code == "provider_sign_in_stale"


@pytest.mark.req("ORG-6")
async def test_of_two_who_bring_the_same_answer_at_once_one_is_signed_in(clinic: Clinic) -> None:
    clinic.own.person = Person("00u1", {"groups": ["derma"]})
    begun = await clinic.begin()
    back = await clinic.back(begun.address)
    both = await asyncio.gather(*(clinic.finish(begun, back) for _ in range(4)), return_exceptions=True)
    assert len([one for one in both if isinstance(one, SignedIn)]) == 1
    assert {one.code for one in both if isinstance(one, Refused)} == {"provider_sign_in_stale"}


@pytest.mark.req("ORG-6")
async def test_a_code_of_another_sign_in_is_refused(clinic: Clinic) -> None:
    """A stolen code is worth nothing: it was made for another challenge and another nonce."""
    victim, thief = await clinic.begin(), await clinic.begin()
    stolen = await clinic.back(victim.address)
    with pytest.raises(Refused) as refusal:
        await clinic.finish(thief, {**await clinic.back(thief.address), "code": stolen["code"]})
    assert refusal.value.code == "provider_sign_in_failed"


@pytest.mark.req("ORG-6")
async def test_a_sign_in_that_takes_longer_than_ten_minutes_has_to_begin_again(clinic: Clinic) -> None:
    begun = await clinic.begin()
    back = await clinic.back(begun.address)
    async with clinic.db.write() as s:
        await s.execute(sa.text("UPDATE oidc_attempts SET expires_at = expires_at - interval '10 minutes'"))
    with pytest.raises(Refused) as refusal:
        await clinic.finish(begun, back)
    assert refusal.value.code == "provider_sign_in_stale"
    await clinic.begin()
    assert await clinic.counted("oidc_attempts") == 1, "what is too old is forgotten"


@pytest.mark.req("ORG-6")
async def test_an_answer_that_names_another_provider_is_a_mix_up(clinic: Clinic, other: HostileProvider) -> None:
    clinic.own.document = {"authorization_response_iss_parameter_supported": True}
    for issuer in (other.issuer, "", None, clinic.own.issuer + "/"):
        begun = await clinic.begin()
        with pytest.raises(Refused) as refusal:
            await clinic.finish(begun, await clinic.back(begun.address), issuer=issuer)
        assert refusal.value.code == "provider_sign_in_failed"
    assert not clinic.own.tokens


@pytest.mark.req("ORG-6")
async def test_a_provider_that_declines_is_not_asked_for_anything(clinic: Clinic) -> None:
    begun = await clinic.begin()
    with pytest.raises(Refused) as refusal:
        await clinic.finish(begun, await clinic.back(begun.address), code=None)
    assert refusal.value.code == "provider_declined"
    assert not clinic.own.tokens


@pytest.mark.req("ORG-6")
async def test_the_verifier_is_sent_and_a_provider_without_s256_is_not_used(clinic: Clinic) -> None:
    await clinic.sign_in("derma")
    assert 43 <= len(clinic.own.tokens[-1]["code_verifier"]) <= 128


# Providers that lie


HOSTILE_TOKENS: dict[str, Callable[[Json], str]] = {
    "another issuer": lambda c: KEYS.sign({**c, "iss": "https://id.evil.example"}),
    "another audience": lambda c: KEYS.sign({**c, "aud": "somebody-else"}),
    "more audiences": lambda c: KEYS.sign({**c, "aud": [CLIENT, "somebody-else"]}),
    "another party": lambda c: KEYS.sign({**c, "azp": "somebody-else"}),
    "another nonce": lambda c: KEYS.sign({**c, "nonce": "x" * 43}),
    "no nonce": lambda c: KEYS.sign({k: v for k, v in c.items() if k != "nonce"}),
    "expired": lambda c: KEYS.sign({**c, "exp": int(time.time()) - 120}),
    "not yet valid": lambda c: KEYS.sign({**c, "nbf": int(time.time()) + 600}),
    "unsigned": lambda c: KEYS.sign(c).rpartition(".")[0] + ".",
    "signed by others": lambda c: Keys().sign(c),
    "unknown key": lambda c: KEYS.sign(c, kid="another"),
    "empty subject": lambda c: KEYS.sign({**c, "sub": ""}),
    "huge subject": lambda c: KEYS.sign({**c, "sub": "x" * 10_000}),
    "subject a number": lambda c: KEYS.sign({**c, "sub": 1}),
    "groups no list": lambda c: KEYS.sign({**c, "groups": "derma"}),
    "a huge token": lambda c: KEYS.sign({**c, "groups": ["x" * 100] * 5_000}),
    "no token": lambda _: "",
}


@pytest.mark.req("ORG-6")
async def test_a_token_that_is_not_right_signs_nobody_in_and_makes_nobody(clinic: Clinic) -> None:
    before = await clinic.state()
    for lie, forge in HOSTILE_TOKENS.items():
        clinic.own.forge = forge
        assert await clinic.refused("derma") == "provider_sign_in_failed", lie
    assert await clinic.state() == before


HOSTILE_ANSWERS: dict[str, tuple[str, Callable[[], web.StreamResponse], str]] = {
    "huge document": ("/.well-known/openid-configuration", lambda: web.Response(body=b" " * 10**6), "failed"),
    "document moved": (
        "/.well-known/openid-configuration",
        lambda: web.Response(status=302, headers={"Location": "/elsewhere"}),
        "failed",
    ),
    "document missing": ("/.well-known/openid-configuration", lambda: web.Response(status=404), "failed"),
    "document broken": ("/.well-known/openid-configuration", lambda: web.Response(text="[" * 100_000), "failed"),
    "document a list": ("/.well-known/openid-configuration", lambda: web.json_response([]), "failed"),
    "out of order": ("/.well-known/openid-configuration", lambda: web.Response(status=502), "unavailable"),
    "huge keys": ("/keys", lambda: web.json_response({"keys": [{"kid": "x" * 1000}] * 1000}), "failed"),
    "no keys": ("/keys", lambda: web.json_response({"keys": None}), "failed"),
    "keys of no kind": ("/keys", lambda: web.json_response({"keys": [7, None, {"kty": []}]}), "failed"),
    "keys moved": ("/keys", lambda: web.Response(status=307, headers={"Location": "/keys2"}), "failed"),
    "huge token answer": ("/token", lambda: web.Response(body=b"{" + b" " * 10**6 + b"}"), "failed"),
    "token not a text": ("/token", lambda: web.json_response({"id_token": {"sub": "00u1"}}), "failed"),
    "token refused": ("/token", lambda: web.json_response({"error": "invalid_grant"}, status=400), "failed"),
    "tokens moved": ("/token", lambda: web.Response(status=307, headers={"Location": "/token2"}), "failed"),
    "tokens out of order": ("/token", lambda: web.Response(status=500), "unavailable"),
    "too busy": ("/token", lambda: web.Response(status=429), "unavailable"),
}


@pytest.mark.req("ORG-6")
async def test_an_answer_that_is_huge_broken_or_moved_is_refused(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relying, "REMEMBERED_SECONDS", 0.0)
    before = await clinic.state()
    for lie, (path, answer, outcome) in HOSTILE_ANSWERS.items():
        clinic.own.answers = {path: answer}
        expected = {"failed": "provider_sign_in_failed", "unavailable": "provider_unavailable"}[outcome]
        assert await clinic.refused("derma") == expected, lie
    assert await clinic.state() == before
    assert not [path for path in clinic.own.asked if path in {"/elsewhere", "/keys2", "/token2"}]
    clinic.own.answers = {}
    assert await clinic.sign_in("derma")


@pytest.mark.req("ORG-6")
async def test_a_document_that_leads_elsewhere_is_not_followed(
    clinic: Clinic, other: HostileProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relying, "REMEMBERED_SECONDS", 0.0)
    documents: list[Json] = [
        {"issuer": other.issuer},
        {"issuer": None},
        {"authorization_endpoint": "http://id.evil.example/authorize"},
        {"authorization_endpoint": "https://id.example/\r\nSet-Cookie: a=b"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
        {"token_endpoint": "http://169.254.169.254/token"},
        {"token_endpoint": "file:///etc/passwd"},
        {"token_endpoint": ["https://id.example/token"]},
        {"jwks_uri": "http://id.evil.example/keys"},
        {"jwks_uri": None},
        {"code_challenge_methods_supported": ["plain"]},
        {"code_challenge_methods_supported": "S256"},
    ]
    for document in documents:
        clinic.own.document = document
        assert await clinic.refused("derma") == "provider_sign_in_failed", document


async def test_a_slow_provider_is_not_waited_for(ground: Ground, clinic: Clinic, settings: IdentitySettings) -> None:
    clinic.own.delay = 60.0
    hasty = settings.model_copy(update={"oidc_seconds": 0.5})
    async with Speaking(evaluation=True) as speaking:
        handlers = OidcHandlers(clinic.db, hasty, Policy(hasty), speaking)
        began = time.monotonic()
        with pytest.raises(Refused) as refusal:
            await handlers.begin(BeginSignIn(provider="clinic", returns_to=RETURNS_TO), clinic.office.call())
        assert refusal.value.code == "provider_unavailable"
        assert time.monotonic() - began < 5


async def test_a_provider_that_is_gone_is_unavailable(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relying, "REMEMBERED_SECONDS", 0.0)
    begun = await clinic.begin()
    back = await clinic.back(begun.address)
    clinic.own.answers = {"/.well-known/openid-configuration": lambda: web.Response(status=503)}
    with pytest.raises(Refused) as refusal:
        await clinic.finish(begun, back)
    assert refusal.value.code == "provider_unavailable"


async def test_new_keys_of_the_provider_are_fetched_when_they_are_needed_and_not_more_often(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    await clinic.sign_in("derma")
    fresh = Keys()
    clinic.own.forge = lambda claims: fresh.sign(claims, kid="fresh")
    clinic.own.keys = [{**fresh.published()[0], "kid": "fresh"}]
    assert await clinic.refused("derma") == "provider_sign_in_failed"
    assert clinic.own.asked.count("/keys") == 1, "asked a moment ago"
    monkeypatch.setattr(relying, "REFETCH_SECONDS", 0.0)
    assert await clinic.sign_in("derma")
    assert clinic.own.asked.count("/keys") == 2


# Whom a provider means


@pytest.mark.req("ORG-6")
async def test_nobody_is_linked_to_a_local_account_by_name_or_address(clinic: Clinic) -> None:
    local = await clinic.office.invited(clinic.office.first_site, login="iris@clinic.example")
    admin = clinic.office.admin.user
    for sub, verified in (("00u1", False), ("00u2", True)):
        for name in ("iris@clinic.example", "ADMIN"):
            opened = await clinic.sign_in(
                "derma", sub=sub + name, preferred_username=name, email="iris@clinic.example", email_verified=verified
            )
            assert opened.facts.user not in {local.id, admin}
            assert opened.facts.view.login.startswith(name.lower() + "-")


@pytest.mark.req("ORG-6")
async def test_a_subject_of_one_provider_is_nobody_at_another(clinic: Clinic, other: HostileProvider) -> None:
    here = await clinic.sign_in("derma", sub="00u1")
    other.person = Person("00u1", {"groups": ["derma"]})
    begun = await clinic.begin("other")
    there = await clinic.finish(begun, await clinic.back(begun.address), provider="other")
    assert there.facts.user != here.facts.user


async def test_names_that_cannot_be_shown_are_left_out(clinic: Clinic) -> None:
    for at, name in enumerate(("a\x00b", "x" * 300, "  ", 7, None, ["x"], {"a": 1}, "\ud800", "<b>")):
        opened = await clinic.sign_in("derma", sub=f"00u{at}", preferred_username=name, name=name)
        assert opened.facts.view.login.startswith("user-")
        assert opened.facts.view.display_name in {opened.facts.view.login, "<b>"}


async def test_of_two_browsers_that_come_back_for_somebody_new_one_makes_the_user(clinic: Clinic) -> None:
    both = await asyncio.gather(*(clinic.sign_in("derma", preferred_username="iris") for _ in range(4)))
    assert len({one.facts.user for one in both}) == 1
    assert await clinic.counted("oidc_identities") == 1


# What groups give


@pytest.mark.req("ORG-6")
async def test_without_a_mapped_group_nobody_is_made(clinic: Clinic) -> None:
    before = await clinic.state()
    assert await clinic.refused() == "no_access"
    assert await clinic.refused("Derma", "unknown", "abroad") == "no_access"
    assert await clinic.state() == before


@pytest.mark.req("ORG-6")
async def test_roles_follow_the_groups_at_each_sign_in_and_those_given_by_hand_stay(clinic: Clinic) -> None:
    site, office = clinic.office.first_site, clinic.office
    first = await clinic.sign_in("derma", "it")
    assert first.facts.installation_roles == [Role.ADMIN]
    user = first.facts.user
    version = (await clinic.identity.ask(GetUser(user=user), office.call())).version
    given = SetSiteRoles(user=user, site=site, version=version, roles=[Role.CLINICIAN, Role.VIEWER])
    await clinic.identity.ask(given, office.call())
    second = await clinic.sign_in("heads")
    assert (set(second.facts.site_roles[site]), second.facts.installation_roles) == (
        {Role.SITE_ADMIN, Role.VIEWER},
        [],
    )
    assert set((await clinic.facts(first)).site_roles[site]) == {Role.SITE_ADMIN, Role.VIEWER}, "in force everywhere"
    third = await clinic.sign_in()
    assert third.facts.site_roles == {site: [Role.VIEWER]}


@pytest.mark.req("ORG-6")
async def test_who_is_in_no_group_any_more_is_refused_and_loses_the_roles(clinic: Clinic) -> None:
    opened = await clinic.sign_in("derma")
    assert await clinic.refused() == "no_access"
    facts = await clinic.facts(opened)
    assert (facts.site_roles, facts.installation_roles) == ({}, [])
    again = await clinic.sign_in("derma")
    assert again.facts.user == opened.facts.user


@pytest.mark.req("ORG-6")
async def test_a_disabled_user_is_refused_whatever_the_groups_say(clinic: Clinic) -> None:
    opened = await clinic.sign_in("derma")
    await clinic.identity.ask(DisableUser(user=opened.facts.user), clinic.office.call())
    before = await clinic.state()
    assert await clinic.refused("derma", "it") == "no_access"
    assert await clinic.state() == before
    with pytest.raises(Refused):
        await clinic.facts(opened)


@pytest.mark.req("ORG-4")
async def test_who_signs_in_by_a_provider_is_asked_for_a_second_factor_there(
    ground: Ground, clinic: Clinic, settings: IdentitySettings
) -> None:
    strict = Policy(settings.model_copy(update={"second_factor_compulsory": True}))
    opened = await clinic.sign_in("derma")
    facts = await session_of(clinic.db, strict, token_sha256(opened.token))
    assert not facts.second_factor_setup_required
    local = await clinic.identity.ask(SignIn(login="admin", password=ONE_TIME))
    assert (await session_of(clinic.db, strict, token_sha256(local.token))).second_factor_setup_required


async def test_an_administrator_by_group_does_not_count_as_the_last_one(clinic: Clinic) -> None:
    opened = await clinic.sign_in("it")
    assert opened.facts.installation_roles == [Role.ADMIN]
    admin = clinic.office.admin.user
    assert admin is not None
    version = (await clinic.identity.ask(GetUser(user=admin), clinic.office.call())).version
    taken = SetInstallationRoles(user=admin, version=version, roles=[])
    with pytest.raises(Refused) as refusal:
        await clinic.identity.ask(taken, clinic.office.call())
    assert refusal.value.code == "last_admin"


async def test_a_site_whose_name_others_have_too_is_nobody_s_by_name(clinic: Clinic) -> None:
    await clinic.office.site("Zürich")
    assert await clinic.refused("derma") == "no_access"


# What is recorded, and what passwords are for


@pytest.mark.req("AUD-1")
async def test_sign_ins_and_refusals_are_facts_and_hold_nothing_that_the_provider_said(
    ground: Ground, clinic: Clinic
) -> None:
    opened = await clinic.sign_in("derma", preferred_username="iris", name="Dr. Iris Keller", email="i@clinic.example")
    await clinic.refused()
    clinic.own.forge = HOSTILE_TOKENS["another nonce"]
    await clinic.refused("derma", name="Dr. Iris Keller")
    async with ground.asking("audit") as audit:

        async def recorded() -> list[Fact] | None:
            facts = (await audit.ask(ReplayIdentity(after=0))).facts
            found = [f for f in facts if f.subject != "evt.identity.session_opened" or f.origin.user == user]
            return found if len(found) == 6 else None

        user: UUID = opened.facts.user
        facts = await eventually(recorded)
    assert [f.subject.rpartition(".")[2] for f in facts] == [
        "user_provisioned",
        "roles_changed",
        "session_opened",
        "roles_changed",
        "sign_in_refused",
        "sign_in_refused",
    ]
    assert [f.data["code"] for f in facts[-2:]] == ["no_access", "provider_sign_in_failed"]
    assert [f.data["user"] for f in facts] == [*[str(user)] * 5, None]
    said = "".join(f.model_dump_json() for f in facts).lower()
    assert not [text for text in ("iris", "keller", "derma", "00u1", "@") if text in said]


@pytest.mark.req("ORG-6")
async def test_the_providers_are_told_to_whoever_signs_in(clinic: Clinic) -> None:
    known = await clinic.identity.ask(GetInstallation())
    assert [(p.id, p.name) for p in known.sign_in_providers] == [("clinic", "The clinic"), ("other", "Another")]
    with pytest.raises(Refused) as refusal:
        await clinic.begin("unknown")
    assert refusal.value.code == "not_found"
