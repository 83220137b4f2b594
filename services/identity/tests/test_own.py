"""API tokens and preferences."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from dermfolio.common.auth import Actor
from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused
from dermfolio.common.testing import Ground, at
from dermfolio.contracts.identity import ChangePassword, GetSession, SessionFacts, SignIn, SignOut
from dermfolio.contracts.messages import now
from dermfolio.contracts.organisation import DisableUser, ListUsers, MakePasswordLink, SetSiteRoles
from dermfolio.contracts.own import (
    CREDENTIAL_MARK,
    GetPreferences,
    GetSections,
    ListTokens,
    MakeToken,
    PreferencesChanged,
    RevokeToken,
    SetPreferences,
    SetSections,
)
from dermfolio.contracts.roles import Permission, Role
from dermfolio.contracts.views.own import NewToken, Scope, Sections, TokenMade
from dermfolio.identity import sections
from dermfolio.identity.tokens import token_sha256

from .conftest import ONE_TIME
from .office import STRONG, Office


def actor_of(facts: SessionFacts) -> Actor:
    """The actor that the gateway makes of these facts."""
    return Actor(
        "user",
        "gateway",
        user=facts.user,
        session=facts.session,
        site_roles={site: frozenset(roles) for site, roles in facts.site_roles.items()},
        installation_roles=frozenset(facts.installation_roles),
        scopes=None if facts.scopes is None else frozenset(facts.scopes),
    )


async def clinician(office: Office) -> tuple[UUID, Actor]:
    """A clinician of the first site, signed in."""
    active = await office.active(office.first_site)
    opened = await office.identity.ask(SignIn(login=active.login, password=STRONG))
    return active.id, actor_of(opened.facts)


async def made(
    office: Office, actor: Actor, *scopes: Scope, sites: list[UUID] | None = None, days: float = 30
) -> TokenMade:
    new = NewToken(
        name="PACS bridge",
        scopes=list(scopes) or [Permission.PATIENT_READ],
        sites=[office.first_site] if sites is None else sites,
        expires_at=now() + timedelta(days=days),
    )
    return await office.identity.ask(MakeToken(new=new), office.call(actor))


async def facts_of(office: Office, token: TokenMade) -> SessionFacts:
    return await office.identity.ask(GetSession(token_sha256=token_sha256(token.token), kind="token"))


@pytest.mark.req("ORG-7")
async def test_a_token_does_what_its_user_may_as_far_as_it_was_made_for(office: Office) -> None:
    _, actor = await clinician(office)
    token = await made(office, actor, Permission.PATIENT_READ)
    assert token.token.startswith(CREDENTIAL_MARK)
    by_token = actor_of(await facts_of(office, token))
    assert by_token.sites(Permission.PATIENT_READ) == [office.first_site]
    assert by_token.sites(Permission.PATIENT_CREATE) == []
    assert not by_token.may(Permission.IMAGE_READ, office.first_site)


@pytest.mark.req("ORG-7")
async def test_a_token_follows_the_rights_of_its_user(office: Office) -> None:
    user, actor = await clinician(office)
    token = await made(office, actor, Permission.PATIENT_READ, Permission.IMAGE_WRITE)
    await office.identity.ask(
        SetSiteRoles(user=user, site=office.first_site, roles=[Role.VIEWER], version=2), office.call()
    )
    by_token = actor_of(await facts_of(office, token))
    assert by_token.may(Permission.PATIENT_READ, office.first_site)
    assert not by_token.may(Permission.IMAGE_WRITE, office.first_site)


@pytest.mark.req("ORG-7")
async def test_a_token_works_only_at_its_sites(office: Office) -> None:
    basel = await office.site()
    user, _ = await clinician(office)
    await office.identity.ask(SetSiteRoles(user=user, site=basel.id, roles=[Role.CLINICIAN], version=2), office.call())
    person = Actor("user", "gateway", user=user, session=uuid4(), site_roles=at(basel.id, Role.CLINICIAN).site_roles)
    facts = await facts_of(office, await made(office, person, sites=[basel.id]))
    assert set(facts.site_roles) == {basel.id} == {s.site for s in facts.view.sites}
    with pytest.raises(Refused) as foreign:
        await made(office, person, sites=[office.first_site])
    assert foreign.value.code == "not_found"


@pytest.mark.req("ORG-7")
async def test_a_token_can_never_widen_itself_nor_act_on_its_users_account(office: Office) -> None:
    _, actor = await clinician(office)
    token = await made(office, actor, Permission.PATIENT_READ)
    by_token = actor_of(await facts_of(office, token))
    new = NewToken(name="more", scopes=[Permission.IMAGE_WRITE], expires_at=now() + timedelta(days=1))
    for request in (
        MakeToken(new=new),
        ListTokens(),
        RevokeToken(token=token.id),
        SignOut(),
        ChangePassword(current_password=STRONG, new_password=f"{STRONG}2"),
    ):
        assert await office.refused(request, by_token) == "session_required"


@pytest.mark.req("ORG-7")
async def test_a_token_of_an_administrator_administers_nothing(office: Office, ground: Ground) -> None:
    admin = await office.identity.ask(SignIn(login="admin", password=ONE_TIME))
    await office.identity.ask(
        ChangePassword(current_password=ONE_TIME, new_password=STRONG), ground.call(actor_of(admin.facts))
    )
    token = await made(office, actor_of(admin.facts), Permission.TRAIL_READ)
    by_token = actor_of(await facts_of(office, token))
    assert by_token.may(Permission.TRAIL_READ)
    for request in (ListUsers(), DisableUser(user=uuid4()), MakePasswordLink(user=uuid4())):
        assert await office.refused(request, by_token) == "forbidden"


@pytest.mark.req("ORG-7")
async def test_a_revoked_an_expired_and_a_disabled_users_token_stand_for_nobody(office: Office, db: object) -> None:
    user, actor = await clinician(office)
    revoked, expired, living = [await made(office, actor) for _ in range(3)]
    await office.identity.ask(RevokeToken(token=revoked.id), office.call(actor))
    await office.identity.ask(RevokeToken(token=revoked.id), office.call(actor))
    async with db.write() as s:  # type: ignore[attr-defined]
        old = sa.text("UPDATE api_tokens SET expires_at = now() - interval '1 second' WHERE id = :id")
        await s.execute(old, {"id": expired.id})
    assert [t.id for t in (await office.identity.ask(ListTokens(), office.call(actor))).tokens] == [living.id]
    assert (await facts_of(office, living)).user == user
    await office.identity.ask(DisableUser(user=user), office.call())
    for token in (revoked, expired, living):
        with pytest.raises(Refused) as refusal:
            await facts_of(office, token)
        assert refusal.value.code == "not_signed_in"


async def test_nobody_sees_or_revokes_the_tokens_of_others(office: Office) -> None:
    (_, one), (_, other) = await clinician(office), await clinician(office)
    token = await made(office, one)
    assert (await office.identity.ask(ListTokens(), office.call(other))).tokens == []
    for unseen in (token.id, uuid4()):
        assert await office.refused(RevokeToken(token=unseen), other) == "not_found"
    assert (await facts_of(office, token)).session == token.id


async def test_a_cookie_is_no_token_and_a_token_no_cookie(office: Office, identity: Requests) -> None:
    _, actor = await clinician(office)
    token = await made(office, actor)
    assert await office.refused(GetSession(token_sha256=token_sha256(token.token))) == "not_signed_in"


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_token_expires_within_a_year(days: int) -> None:
    with pytest.raises(ValueError, match="at most 366 days"):
        NewToken(name="x", scopes=[Permission.PATIENT_READ], expires_at=now() + timedelta(days=days))


@pytest.mark.parametrize("scope", [Permission.SITE_MANAGE, Permission.INSTALLATION_MANAGE])
def test_no_token_is_made_for_the_administration_of_people(scope: Permission) -> None:
    with pytest.raises(ValueError, match="scopes"):
        NewToken.model_validate({"name": "x", "scopes": [scope], "expires_at": now() + timedelta(days=1)})


@pytest.mark.req("AUD-1")
async def test_what_changed_of_preferences_is_recorded_and_what_stays_is_not(office: Office) -> None:
    _, one = await clinician(office)
    for changes in ({"theme": "dark", "language": "fr"}, {"theme": "dark"}, {"theme": "dark", "language": None}):
        await office.identity.ask(SetPreferences(changes=changes), office.call(one))
    said = await office.said(PreferencesChanged, 2)
    assert [(fact["user"], fact["fields"]) for fact in said] == [
        (str(one.user), ["language", "theme"]),
        (str(one.user), ["language"]),
    ]


@pytest.mark.req("ORG-9")
async def test_preferences_are_kept_one_by_one_for_each_user(office: Office) -> None:
    (_, one), (_, other) = await clinician(office), await clinician(office)
    await office.identity.ask(SetPreferences(changes={"theme": "dark", "language": "fr"}), office.call(one))
    now_ = await office.identity.ask(SetPreferences(changes={"language": None}), office.call(one))
    assert (now_.theme, now_.language) == ("dark", None)
    assert await office.identity.ask(GetPreferences(), office.call(one)) == now_
    assert (await office.identity.ask(GetPreferences(), office.call(other))).theme is None


@pytest.mark.req("ENT-2")
async def test_which_sections_of_an_entry_are_open_is_kept_for_each_user(office: Office) -> None:
    (_, one), (_, other) = await clinician(office), await clinician(office)
    entry, folded = uuid4(), Sections(workspace=False)

    async def kept(entry: UUID, actor: Actor) -> Sections:
        return await office.identity.ask(GetSections(entry=entry), office.call(actor))

    assert await kept(entry, one) == Sections()
    for _ in range(2):
        await office.identity.ask(SetSections(entry=entry, sections=folded), office.call(one))
    assert await kept(entry, one) == folded
    assert await kept(entry, other) == await kept(uuid4(), one) == Sections()
    assert [fact["fields"] for fact in await office.said(PreferencesChanged, 1)] == [["sections"]]
    await office.identity.ask(SetSections(entry=entry, sections=Sections()), office.call(one))
    assert await kept(entry, one) == Sections()


@pytest.mark.req("ENT-2")
async def test_only_the_entries_that_were_folded_last_are_remembered(office: Office, monkeypatch: Any) -> None:
    monkeypatch.setattr(sections, "KEPT", 3)
    (_, one), folded = await clinician(office), Sections(comparisons=False)
    entries = [uuid4() for _ in range(5)]
    for entry in (*entries, entries[2]):
        await office.identity.ask(SetSections(entry=entry, sections=folded), office.call(one))
    kept = [await office.identity.ask(GetSections(entry=entry), office.call(one)) for entry in entries]
    assert kept == [Sections(), Sections(), folded, folded, folded]
