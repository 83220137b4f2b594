"""Signing in by a provider: who is sent away, and what comes back."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import sqlalchemy as sa

from dermfolio.common.errors import Refused
from dermfolio.contracts.identity import SignedIn
from dermfolio.contracts.organisation import GetUser
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.organisation import UserState

from .clinic import RETURNS_TO, Clinic
from .hostile_provider import CLIENT, SECRET, HostileProvider, Person


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
