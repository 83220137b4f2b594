"""Whom a provider means, what its groups give, and what is recorded of it."""

import asyncio
from uuid import UUID

import pytest

from dermfolio.common.errors import Refused
from dermfolio.common.testing import Ground, eventually
from dermfolio.contracts.identity import GetInstallation, SignIn
from dermfolio.contracts.organisation import DisableUser, GetUser, SetInstallationRoles, SetSiteRoles
from dermfolio.contracts.replay import Fact
from dermfolio.contracts.roles import Role
from dermfolio.identity.policy import Policy
from dermfolio.identity.settings import IdentitySettings
from dermfolio.identity.sign_in import session_of
from dermfolio.identity.tokens import token_sha256
from services.identity.tests.conftest import ONE_TIME
from services.identity.tests.facts import of_people

from .clinic import Clinic
from .hostile_provider import HOSTILE_TOKENS, HostileProvider, Person


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
            facts = await of_people(audit)
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
