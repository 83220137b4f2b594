"""What is not believed of a provider."""

import time
from collections.abc import Callable

import pytest
from aiohttp import web

from dermfolio.common.errors import Refused
from dermfolio.common.testing import Ground
from dermfolio.contracts.oidc import BeginSignIn
from dermfolio.identity.oidc import relying
from dermfolio.identity.oidc.speaking import Speaking
from dermfolio.identity.oidc_handlers import OidcHandlers
from dermfolio.identity.policy import Policy
from dermfolio.identity.settings import IdentitySettings

from .clinic import RETURNS_TO, Clinic
from .hostile_provider import HOSTILE_TOKENS, HostileProvider, Json, Keys


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
