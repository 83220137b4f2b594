"""Sites, users, roles, and the links by which passwords are chosen."""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.testing import at, user
from dermfolio.contracts.identity import GetSession, SignIn
from dermfolio.contracts.messages import Request
from dermfolio.contracts.organisation import (
    ChangeSite,
    ChangeUser,
    CreateSite,
    DisableUser,
    EnableUser,
    GetSite,
    GetUser,
    InviteUser,
    ListSiteNames,
    ListSites,
    ListUsers,
    MakePasswordLink,
    SetInstallationRoles,
    SetSiteRoles,
)
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.organisation import (
    NewSite,
    NewUser,
    RolesAtSite,
    SiteChanges,
    UserChanges,
    UserState,
    UserView,
)
from dermfolio.identity.tokens import token_sha256

from .office import STRONG, Office


@pytest.mark.req("ORG-1")
async def test_an_administrator_opens_a_site_once_however_often_the_request_comes(office: Office) -> None:
    request = CreateSite(new=NewSite(name="Basel", time_zone="Europe/Zurich", language="fr"), idempotency_key="k")
    first, second = await asyncio.gather(*(office.identity.ask(request, office.call()) for _ in range(2)))
    assert first == second
    assert [s.name for s in (await office.identity.ask(ListSites(), office.call())).sites] == ["Basel", "Zürich"]
    other = CreateSite(new=NewSite(name="Bern", time_zone="Europe/Zurich"), idempotency_key="k")
    assert await office.refused(other) == "idempotency_key_reused"


@pytest.mark.req("ORG-1")
async def test_people_see_their_own_sites_and_no_others(office: Office) -> None:
    basel = await office.site()
    clinician = at(basel.id, Role.CLINICIAN)
    assert (await office.identity.ask(ListSites(), office.call(clinician))).sites == [basel]
    assert (await office.identity.ask(GetSite(site=basel.id), office.call(clinician))) == basel
    for unseen in (office.first_site, uuid4()):
        assert await office.refused(GetSite(site=unseen), clinician) == "not_found"


@pytest.mark.req("ORG-1")
async def test_whoever_holds_a_role_knows_how_all_sites_are_called(office: Office) -> None:
    basel = await office.site()
    everyone = {office.first_site: "Zürich", basel.id: "Basel"}
    names = (await office.identity.ask(ListSiteNames(), office.call(at(basel.id, Role.VIEWER)))).sites
    assert [(s.id, s.name) for s in names] == sorted(everyone.items(), key=lambda s: s[1])
    assert (await office.identity.ask(ListSiteNames())).sites == names, "for services too"
    assert (await office.identity.ask(ListSiteNames(), office.call(user(installation=Role.AUDITOR)))).sites == names
    assert await office.refused(ListSiteNames(), user()) == "forbidden"


@pytest.mark.req("ORG-1")
async def test_a_site_is_changed_by_its_administrator_and_only_in_the_version_that_was_seen(office: Office) -> None:
    basel = await office.site()
    change = ChangeSite(site=basel.id, changes=SiteChanges(letterhead="Hautklinik\nBasel"), version=1)
    assert await office.refused(change, at(basel.id, Role.CLINICIAN)) == "forbidden"
    assert await office.refused(change, at(office.first_site, Role.SITE_ADMIN)) == "not_found"
    now = await office.identity.ask(change, office.call(at(basel.id, Role.SITE_ADMIN)))
    assert (now.letterhead, now.version) == ("Hautklinik\nBasel", 2)
    assert await office.refused(change) == "stale_version"


@pytest.mark.req("ORG-2")
async def test_an_invited_user_signs_in_once_a_password_is_chosen_by_the_link(office: Office) -> None:
    basel = await office.site()
    invited = await office.invited(basel.id, login="I.Keller")
    assert (invited.login, invited.state) == ("i.keller", UserState.INVITED)
    assert await office.refused(SignIn(login="i.keller", password=STRONG)) == "sign_in_failed"
    link = await office.identity.ask(MakePasswordLink(user=invited.id), office.call())
    with pytest.raises(Refused) as weak:
        await office.choose(link.token, "weak")
    assert weak.value.code == "weak_password"
    assert await office.choose(link.token) == "i.keller"
    opened = await office.identity.ask(SignIn(login="i.keller", password=STRONG))
    assert opened.facts.site_roles == {basel.id: [Role.CLINICIAN]}
    assert not opened.facts.password_change_required
    seen = await office.identity.ask(GetUser(user=invited.id), office.call())
    assert seen.state is UserState.ACTIVE
    assert seen.last_sign_in_at is not None


@pytest.mark.req("ORG-2")
async def test_a_link_works_once_until_it_is_replaced_or_old(office: Office, db: Database) -> None:
    invited = await office.invited(office.first_site)
    first, second = [await office.identity.ask(MakePasswordLink(user=invited.id), office.call()) for _ in range(2)]
    used = await asyncio.gather(*(office.choose(second.token) for _ in range(3)), return_exceptions=True)
    assert [u for u in used if isinstance(u, str)] == [invited.login]
    third = await office.identity.ask(MakePasswordLink(user=invited.id), office.call())
    async with db.write() as s:
        await s.execute(sa.text("UPDATE password_links SET expires_at = now() - interval '1 second'"))
    for void in (first.token, second.token, third.token, "x" * 43):
        with pytest.raises(Refused) as refusal:
            await office.choose(void)
        assert refusal.value.code == "link_not_valid"


async def test_a_password_chosen_by_a_link_ends_every_session(office: Office) -> None:
    active = await office.active(office.first_site)
    opened = await office.identity.ask(SignIn(login=active.login, password=STRONG))
    link = await office.identity.ask(MakePasswordLink(user=active.id), office.call())
    await office.choose(link.token, f"{STRONG}-new")
    assert await office.refused(GetSession(token_sha256=token_sha256(opened.token))) == "not_signed_in"


@pytest.mark.req("ORG-1")
async def test_a_site_administrator_manages_the_users_of_the_site_and_nobody_else(office: Office) -> None:
    basel = await office.site()
    chief = at(basel.id, Role.SITE_ADMIN)
    here = await office.invited(basel.id, Role.VIEWER, by=chief)
    elsewhere = await office.invited(office.first_site)
    listed = (await office.identity.ask(ListUsers(), office.call(chief))).users
    assert [u.id for u in listed] == [here.id]
    for request in (
        GetUser(user=elsewhere.id),
        GetUser(user=uuid4()),
        SetSiteRoles(user=elsewhere.id, site=basel.id, roles=[Role.VIEWER], version=1),
        SetSiteRoles(user=here.id, site=office.first_site, roles=[Role.VIEWER], version=1),
        DisableUser(user=elsewhere.id),
        MakePasswordLink(user=elsewhere.id),
    ):
        assert await office.refused(request, chief) == "not_found"
    grant = SetInstallationRoles(user=here.id, roles=[Role.ADMIN], version=1)
    assert await office.refused(grant, chief) == "forbidden"
    raised = await office.identity.ask(
        SetSiteRoles(user=here.id, site=basel.id, roles=[Role.CLINICIAN], version=1), office.call(chief)
    )
    assert (raised.sites, raised.version) == ([RolesAtSite(site=basel.id, roles=[Role.CLINICIAN])], 2)


@pytest.mark.req("ORG-1")
@pytest.mark.parametrize("role", [Role.VIEWER, Role.PHOTOGRAPHER, Role.CLINICIAN])
async def test_who_manages_nothing_sees_and_changes_no_user(office: Office, role: Role) -> None:
    somebody = at(office.first_site, role)
    invited = await office.invited(office.first_site)
    for request in (
        ListUsers(),
        GetUser(user=invited.id),
        GetUser(user=uuid4()),
        SetSiteRoles(user=invited.id, site=office.first_site, roles=[], version=1),
        DisableUser(user=invited.id),
        EnableUser(user=invited.id),
        MakePasswordLink(user=invited.id),
        ChangeUser(user=invited.id, changes=UserChanges(display_name="X"), version=1),
        CreateSite(new=NewSite(name="Mine", time_zone="UTC"), idempotency_key="k"),
    ):
        assert await office.refused(request, somebody) == "forbidden"


async def test_what_concerns_a_whole_account_is_not_for_who_manages_a_part_of_it(office: Office) -> None:
    basel = await office.site()
    chief = at(basel.id, Role.SITE_ADMIN)
    both = await office.invited(basel.id)
    both = await office.identity.ask(
        SetSiteRoles(user=both.id, site=office.first_site, roles=[Role.VIEWER], version=both.version), office.call()
    )
    for request in (
        DisableUser(user=both.id),
        MakePasswordLink(user=both.id),
        ChangeUser(user=both.id, changes=UserChanges(display_name="X"), version=both.version),
    ):
        assert await office.refused(request, chief) == "forbidden"
    seen = await office.identity.ask(GetUser(user=both.id), office.call(chief))
    assert [held.site for held in seen.sites] == [basel.id]


@pytest.mark.req("ORG-1")
async def test_a_disabled_user_is_out_and_comes_back_only_when_enabled(office: Office) -> None:
    active = await office.active(office.first_site)
    opened = await office.identity.ask(SignIn(login=active.login, password=STRONG))
    link = await office.identity.ask(MakePasswordLink(user=active.id), office.call())
    disabled = await office.identity.ask(DisableUser(user=active.id), office.call())
    assert disabled.state is UserState.DISABLED
    assert await office.refused(GetSession(token_sha256=token_sha256(opened.token))) == "not_signed_in"
    assert await office.refused(SignIn(login=active.login, password=STRONG)) == "sign_in_failed"
    with pytest.raises(Refused):
        await office.choose(link.token)
    await office.identity.ask(EnableUser(user=active.id), office.call())
    assert await office.refused(GetSession(token_sha256=token_sha256(opened.token))) == "not_signed_in"
    assert await office.identity.ask(SignIn(login=active.login, password=STRONG))


@pytest.mark.req("ORG-1")
async def test_an_installation_never_loses_its_last_administrator(office: Office) -> None:
    admin = await office.identity.ask(GetUser(user=office.admin.user or uuid4()), office.call())
    nobody = SetInstallationRoles(user=admin.id, roles=[], version=admin.version)
    assert await office.refused(nobody) == "last_admin"
    assert await office.refused(DisableUser(user=admin.id)) == "own_account"
    other = user(installation=Role.ADMIN)
    assert await office.refused(DisableUser(user=admin.id), other) == "last_admin"
    second = await office.active(office.first_site)
    second = await office.identity.ask(
        SetInstallationRoles(user=second.id, roles=[Role.ADMIN], version=second.version), office.call()
    )
    gone: Sequence[Request[UserView]] = (
        nobody,
        SetInstallationRoles(user=second.id, roles=[], version=second.version),
    )
    outcomes = await asyncio.gather(*(office.identity.ask(g, office.call()) for g in gone), return_exceptions=True)
    assert sorted(isinstance(o, Refused) for o in outcomes) == [False, True]


async def test_a_login_is_given_once(office: Office) -> None:
    await office.invited(office.first_site, login="keller")
    new = NewUser(login="KELLER", display_name="K", sites=[RolesAtSite(site=office.first_site, roles=[Role.VIEWER])])
    assert await office.refused(InviteUser(new=new, idempotency_key="other")) == "login_taken"


async def test_users_come_page_by_page_newest_first(office: Office) -> None:
    invited = [(await office.invited(office.first_site)).id for _ in range(5)]
    seen: list[UUID] = []
    cursor: str | None = None
    while True:
        page = await office.identity.ask(ListUsers(limit=2, cursor=cursor), office.call())
        seen += [u.id for u in page.users]
        cursor = page.next
        if cursor is None:
            break
    assert seen == [*reversed(invited), office.admin.user]
