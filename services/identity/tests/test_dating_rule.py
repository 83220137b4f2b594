"""What effective dates are taken from: a setting of the installation, told with the time zone of a site (POOL-5)."""

from uuid import uuid4

import pytest

from dermfolio.common.errors import Refused
from dermfolio.contracts.dating import GetDatingRule
from dermfolio.contracts.settings import ChangeSettings, SettingsChanged
from dermfolio.contracts.views.settings import SettingsChanges

from .office import Office

pytestmark = pytest.mark.req("POOL-5")


async def test_the_upload_gives_the_date_until_an_administrator_decides_for_the_camera(office: Office) -> None:
    basel = await office.site()

    async def rules() -> list[tuple[str, str]]:
        async with office.ground.asking("images") as images:
            told = [await images.ask(GetDatingRule(site=site)) for site in (office.first_site, basel.id)]
            return [(rule.effective_date_from, rule.time_zone) for rule in told]

    assert await rules() == [("upload", "UTC"), ("upload", "Europe/Zurich")]
    changes = SettingsChanges(effective_date_from="capture")
    decided = await office.identity.ask(ChangeSettings(changes=changes, version=0), office.call())
    assert decided.effective_date_from == "capture"
    assert await rules() == [("capture", "UTC"), ("capture", "Europe/Zurich")]
    [said] = await office.said(SettingsChanged, 1)
    assert said["fields"] == ["effective_date_from"]


async def test_the_rule_is_for_images_alone_and_of_sites_that_there_are(office: Office) -> None:
    async with office.ground.asking("images") as images:
        for request, call, code in (
            (GetDatingRule(site=office.first_site), office.call(), "forbidden"),
            (GetDatingRule(site=uuid4()), None, "not_found"),
        ):
            with pytest.raises(Refused) as refused:
                await images.ask(request, call)
            assert refused.value.code == code
