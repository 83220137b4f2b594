"""What a missing consent means: a setting of the installation that sites may decide otherwise (CON-1)."""

import pytest

from dermfolio.common.errors import Refused
from dermfolio.common.testing import at
from dermfolio.contracts.consent import GetConsentRule
from dermfolio.contracts.organisation import ChangeSite, SiteChanged
from dermfolio.contracts.roles import Role
from dermfolio.contracts.settings import ChangeSettings, SettingsChanged
from dermfolio.contracts.views.organisation import SiteChanges
from dermfolio.contracts.views.settings import ConsentEnforcement, SettingsChanges

from .office import Office

pytestmark = pytest.mark.req("CON-1")


async def test_a_site_follows_the_installation_until_it_decides_for_itself(office: Office) -> None:
    basel, chief = await office.site(), Role.SITE_ADMIN

    async def rules() -> list[ConsentEnforcement]:
        async with office.ground.asking("patients") as patients:
            asked = (GetConsentRule(site=site) for site in (office.first_site, basel.id))
            return [(await patients.ask(one)).enforcement for one in asked]

    assert await rules() == ["disabled", "disabled"]
    changes = SettingsChanges(consent_enforcement="required")
    await office.identity.ask(ChangeSettings(changes=changes, version=0), office.call())
    assert await rules() == ["required", "required"]
    for version, (decided, outcome) in enumerate((("advisory", "advisory"), ("installation", "required")), start=1):
        own = SiteChanges(consent_enforcement=decided)  # type: ignore[arg-type] # each of them is one
        change = ChangeSite(site=basel.id, changes=own, version=version)
        assert (await office.identity.ask(change, office.call(at(basel.id, chief)))).consent_enforcement == decided
        assert await rules() == ["required", outcome]
    other = ChangeSite(site=basel.id, changes=SiteChanges(name="Liestal"), version=3)
    await office.identity.ask(other, office.call())
    [said] = await office.said(SettingsChanged, 1)
    assert (said["fields"], said["consent_enforcement"]) == (["consent_enforcement"], "required")
    levels = [fact["consent_enforcement"] for fact in await office.said(SiteChanged, 3)]
    assert levels == ["advisory", "installation", None]


async def test_the_rule_is_for_patients_alone(office: Office) -> None:
    async with office.ground.asking("patients") as patients:
        with pytest.raises(Refused) as refused:
            await patients.ask(GetConsentRule(site=office.first_site), office.call())
    assert refused.value.code == "forbidden"
