"""The settings of the installation."""

import asyncio
from datetime import timedelta

import pytest

from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused
from dermfolio.common.testing import at, user
from dermfolio.contracts.identity import SignIn
from dermfolio.contracts.messages import now
from dermfolio.contracts.roles import Role
from dermfolio.contracts.settings import ChangeSettings, GetSettings, SettingsChanged
from dermfolio.contracts.views.settings import SettingsChanges

from .conftest import ONE_TIME
from .office import Office

pytestmark = pytest.mark.req("ORG-5")


async def test_what_the_operator_configured_is_in_force_until_an_administrator_decides(office: Office) -> None:
    configured = await office.identity.ask(GetSettings(), office.call())
    assert (configured.idle_minutes, configured.absolute_hours, configured.version) == (30, 12, 0)
    change = ChangeSettings(changes=SettingsChanges(absolute_hours=2), version=0)
    decided = await office.identity.ask(change, office.call())
    assert (decided.idle_minutes, decided.absolute_hours, decided.version) == (30, 2, 1)
    assert await office.refused(change) == "stale_version"
    opened = await office.identity.ask(SignIn(login="admin", password=ONE_TIME))
    assert opened.facts.expires_at <= now() + timedelta(hours=2)


async def test_of_two_administrators_who_decide_at_once_one_is_told(office: Office) -> None:
    changes = [SettingsChanges(idle_minutes=minutes) for minutes in (5, 10)]
    outcomes = await asyncio.gather(
        *(office.identity.ask(ChangeSettings(changes=c, version=0), office.call()) for c in changes),
        return_exceptions=True,
    )
    assert [o.code for o in outcomes if isinstance(o, Refused)] == ["stale_version"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PHOTOGRAPHER, Role.CLINICIAN, Role.SITE_ADMIN])
async def test_who_does_not_manage_the_installation_neither_sees_nor_changes_them(office: Office, role: Role) -> None:
    for somebody in (at(office.first_site, role), user(installation=Role.AUDITOR)):
        assert await office.refused(GetSettings(), somebody) == "forbidden"
        change = ChangeSettings(changes=SettingsChanges(idle_minutes=1), version=0)
        assert await office.refused(change, somebody) == "forbidden"


async def test_a_service_may_know_them_and_not_change_them(identity: Requests) -> None:
    assert (await identity.ask(GetSettings())).upload_limit_bytes == 16 * 1024 * 1024
    with pytest.raises(Refused) as refused:
        await identity.ask(ChangeSettings(changes=SettingsChanges(idle_minutes=1), version=0))
    assert refused.value.code == "forbidden"


@pytest.mark.req("AUD-2")
async def test_the_level_of_the_trail_is_comprehensive_until_an_administrator_decides_and_that_is_a_fact(
    office: Office,
) -> None:
    assert (await office.identity.ask(GetSettings(), office.call())).audit_level == "comprehensive"
    for version, changes in enumerate(
        (
            SettingsChanges(audit_level="essential"),
            SettingsChanges(idle_minutes=5),
            SettingsChanges(audit_level="comprehensive"),
        )
    ):
        decided = await office.identity.ask(ChangeSettings(changes=changes, version=version), office.call())
    assert decided.audit_level == "comprehensive"
    said = await office.said(SettingsChanged, 3)
    assert [(fact["fields"], fact.get("audit_level")) for fact in said] == [
        (["audit_level"], "essential"),
        (["idle_minutes"], None),
        (["audit_level"], "comprehensive"),
    ]
