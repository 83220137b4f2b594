"""Which providers a process starts with, and whom passwords sign in."""

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from dermfolio.common.auth import Actor, Call
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.settings import load
from dermfolio.common.testing import Ground
from dermfolio.contracts.identity import SignedIn, SignIn
from dermfolio.identity.keyring import Keyring
from dermfolio.identity.oidc.providers import may_be_asked
from dermfolio.identity.policy import Policy
from dermfolio.identity.settings import IdentitySettings
from dermfolio.identity.sign_in import sign_in

from .conftest import ONE_TIME
from .office import STRONG, Office

PROVIDER: dict[str, Any] = {
    "id": "clinic",
    "name": "The clinic",
    "issuer": "https://id.clinic.example/realms/staff",
    "client_id": "dermfolio",
    "groups": {"derma": {"sites": {"Zürich": "clinician"}}, "it": {"installation": "admin"}},
}
SECRETS = {"clinic": "the client secret"}
KEY = base64.urlsafe_b64encode(os.urandom(32)).decode()
DATABASE = "postgresql://identity:a-password-of-the-database@127.0.0.1:5432/identity"


def settings(ground: Ground, *providers: dict[str, Any], **more: Any) -> IdentitySettings:
    given = {"identity_key": KEY, "oidc_providers": providers or (PROVIDER,), "oidc_client_secrets": SECRETS, **more}
    return ground.settings(IdentitySettings, "identity", DATABASE, **given)


@pytest.mark.req("ORG-6")
def test_providers_come_from_the_environment_and_their_secrets_from_a_file(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete = settings(ground)
    for name in ("nats_password", "signing_key", "identity_key", "database_password"):
        (tmp_path / name).write_text(getattr(complete, name).get_secret_value())
    (tmp_path / "oidc_client_secrets").write_text(json.dumps(SECRETS))
    public = {
        "SECRETS_DIR": str(tmp_path),
        "NATS_URL": complete.nats_url,
        "TRUSTED_KEYS": json.dumps(complete.trusted_keys),
        "HEALTH_PORT": "0",
        "DATABASE_URL": complete.database_url,
        "OIDC_PROVIDERS": json.dumps([PROVIDER]),
        "OIDC_CLIENT_SECRETS": '{"clinic": "not from here"}',
    }
    for name, value in public.items():
        monkeypatch.setenv(f"DERMFOLIO_{name}", value)
    read = load(IdentitySettings)
    [provider] = read.oidc_providers
    assert (provider.id, provider.scopes) == ("clinic", ["openid", "profile"])
    assert read.oidc_client_secrets["clinic"].get_secret_value() == SECRETS["clinic"]
    assert SECRETS["clinic"] not in repr(read)
    (tmp_path / "oidc_client_secrets").unlink()
    with pytest.raises(SystemExit, match="oidc_client_secrets: there is none for 'clinic'"):
        load(IdentitySettings)


@pytest.mark.req("ORG-6")
@pytest.mark.parametrize(
    "changes",
    [
        {"id": "The Clinic"},
        {"id": "a/b"},
        {"issuer": "http://id.clinic.example"},
        {"issuer": "https://"},
        {"issuer": "https://user@id.clinic.example"},
        {"issuer": "https://id.clinic.example/#x"},
        {"scopes": ["profile"]},
        {"client_id": ""},
        {"groups": {"derma": {"sites": {"Zürich": "admin"}}}},
        {"groups": {"derma": {"installation": "clinician"}}},
        {"groups": {"derma": {"everything": True}}},
        {"client_secret": "not here"},
    ],
    ids=str,
)
def test_a_provider_that_is_not_fit_keeps_the_process_from_starting(ground: Ground, changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        settings(ground, {**PROVIDER, **changes})


@pytest.mark.req("ORG-6")
def test_providers_differ_and_each_has_its_secret(ground: Ground) -> None:
    second = {**PROVIDER, "id": "other", "issuer": "https://id.example"}
    both = {"clinic": "one", "other": "two"}
    assert settings(ground, PROVIDER, second, oidc_client_secrets=both)
    for providers, secrets in (
        ((PROVIDER, second), SECRETS),
        ((PROVIDER,), {"clinic": ""}),
        ((PROVIDER, {**second, "id": "clinic"}), SECRETS),
        ((PROVIDER, {**second, "issuer": PROVIDER["issuer"]}), both),
    ):
        with pytest.raises(ValidationError):
            settings(ground, *providers, oidc_client_secrets=secrets)


def test_only_an_evaluation_speaks_with_a_provider_on_this_machine_without_tls(ground: Ground) -> None:
    local = {**PROVIDER, "issuer": "http://127.0.0.1:9400"}
    assert settings(ground, local)
    with pytest.raises(ValidationError):
        IdentitySettings(**{**settings(ground, local).model_dump(), "profile": "production"})


@pytest.mark.parametrize(
    ("url", "evaluation", "may"),
    [
        ("https://id.example/a", False, True),
        ("https://id.example:8443/a?b=c", False, True),
        ("http://localhost:1/a", True, True),
        ("http://[::1]:1/a", True, True),
        ("http://localhost:1/a", False, False),
        ("http://localhost.evil.example/a", True, False),
        ("http://127.0.0.1.evil.example/a", True, False),
        ("http://10.0.0.1/a", True, False),
        ("https://id.example:x/a", False, False),
        ("https://id.example/\r\nX: y", False, False),
        ("//id.example/a", False, False),
        ("ftp://id.example/a", False, False),
        ("https:id.example", False, False),
        (None, True, False),
        ({}, True, False),
    ],
)
def test_a_provider_lives_at_an_https_address(url: object, evaluation: bool, may: bool) -> None:
    assert may_be_asked(url, evaluation=evaluation) is may


@given(st.text("htps:/@[]#?%.\r\n\x00aä0", max_size=20).map(lambda rest: f"https://{rest}"))
def test_any_text_is_an_address_or_not(text: str) -> None:
    if may_be_asked(text, evaluation=True):
        assert text.isascii()
        assert text.isprintable()


@pytest.mark.req("ORG-6")
async def test_without_local_accounts_a_password_is_for_the_break_glass_administrator_alone(
    ground: Ground, office: Office, db: Database
) -> None:
    off = settings(ground, local_accounts=False, break_glass_login="Admin")
    colleague = await office.active(office.first_site)
    call = Call(Actor("service", "gateway"))
    keyring = Keyring(os.urandom(32))

    async def signs_in(login: str, password: str, named: str | None) -> SignedIn:
        policy = Policy(off)
        policy.break_glass = named
        return await sign_in(db, keyring, policy, call, SignIn(login=login, password=SecretStr(password)))

    assert await signs_in("ADMIN", ONE_TIME, Policy(off).break_glass)
    for login, password, named in (
        ("admin", "Wrong-Password-1!", "admin"),
        (colleague.login, STRONG, "admin"),
        (colleague.login, STRONG, colleague.login),  # named, but no administrator
        ("admin", ONE_TIME, colleague.login),
    ):
        with pytest.raises(Refused) as refusal:
            await signs_in(login, password, named)
        assert refusal.value.code == "sign_in_failed"
    assert await signs_in(colleague.login, STRONG, Policy(settings(ground)).break_glass)


@pytest.mark.req("ORG-6")
def test_local_accounts_cannot_be_switched_off_without_another_way_in(ground: Ground) -> None:
    with pytest.raises(ValidationError):
        settings(ground, local_accounts=False)
    with pytest.raises(ValidationError):
        ground.settings(
            IdentitySettings, "identity", DATABASE, identity_key=KEY, local_accounts=False, break_glass_login="admin"
        )
