"""Administrators are told when patients of their sites are opened in an emergency."""

import re
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.patients import PatientView
from dermfolio.ops.api_client import Api

from .colleagues import engage
from .conftest import NewScreen, System
from .screen import Screen

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("e2e"),
    pytest.mark.timeout(300),
    pytest.mark.req("ORG-8"),
]

REASON = "Unconscious after a fall, skin findings unknown"
WAITING = re.compile("to acknowledge$")


@dataclass
class Home:
    """A site with an administrator and a patient, and a clinician of another site."""

    system: System
    new_screen: NewScreen
    site: UUID
    name: str
    admin: str
    patient: PatientView
    stranger: Api

    async def opened(self) -> None:
        """The clinician takes emergency access."""
        await self.stranger.open_patient(self.patient.unique_id, REASON)

    async def at_work(self, login: str) -> Screen:
        """An administrator signs in, and knows how many wait: what comes from then on is told."""
        screen = await self.new_screen(signed_in=False)
        async with screen.page.expect_response("**/api/v1/emergency-alerts/count"):
            await screen.sign_in(login, self.system.password or "")
        await expect(screen.page.locator("[data-connection=live]")).to_be_attached()
        return screen


@pytest_asyncio.fixture(loop_scope="session")
async def home(system: System, api: Api, new_screen: NewScreen) -> AsyncIterator[Home]:
    name = f"Hautklinik {secrets.token_hex(3)}"
    site = (await api.create_site(name, "Europe/Berlin")).id
    admin, stranger = await engage(system, Role.SITE_ADMIN, site=site), await engage(system, Role.CLINICIAN)
    async with AsyncExitStack() as exits:

        async def signed_in(login: str) -> Api:
            own = await exits.enter_async_context(Api(system.url))
            await own.sign_in(login, system.password or "")
            return own

        unique_id = f"e2e-{secrets.token_hex(4)}"
        patient = await (await signed_in(admin)).create_patient(unique_id, first_name="Rosa", last_name="Zinnober")
        yield Home(system, new_screen, site, name, admin, patient, await signed_in(stranger))


def badge(screen: Screen) -> Locator:
    return screen.page.get_by_role("banner").get_by_role("link", name=WAITING)


def rows(screen: Screen) -> Locator:
    return screen.page.get_by_role("list", name="Emergency access at your sites").get_by_role("listitem")


async def test_administrators_are_told_at_once_or_when_they_come_and_each_acknowledges_for_themselves(
    home: Home,
) -> None:
    first = await home.at_work(home.admin)
    await expect(badge(first)).to_have_count(0)
    await home.opened()
    toast = first.page.get_by_role("alert").filter(has_text=f"opened a patient of {home.name}")
    await expect(toast).to_be_visible()
    await expect(badge(first)).to_have_accessible_name("1 emergency access to acknowledge")
    await expect(first.page.get_by_role("heading", level=1)).to_be_visible()
    assert await first.violations() == []
    await toast.get_by_role("link", name="Show").click()
    await expect(toast).to_have_count(0)
    row = rows(first)
    for told in ("Rosa Zinnober", home.patient.unique_id, "Clinician Test", home.name, REASON, "Until"):
        await expect(row).to_contain_text(told)
    assert await first.violations() == []

    # appointed afterwards, and sees the same
    second = await home.at_work(await engage(home.system, Role.SITE_ADMIN, site=home.site))
    await badge(second).click()
    await rows(second).get_by_role("button", name="Acknowledge").click()
    await expect(rows(second)).to_contain_text("acknowledged")
    await expect(badge(second)).to_have_count(0)
    await expect(badge(first)).to_be_visible()

    await row.get_by_role("button", name="End now").click()
    await first.page.get_by_role("dialog").get_by_role("button", name="End now").click()
    await expect(row).to_contain_text("by you")
    await expect(rows(second)).to_contain_text("by Site_Admin Test")

    await row.get_by_role("button", name="Acknowledge").click()
    await expect(badge(first)).to_have_count(0)
    await expect(first.page.get_by_role("heading", name="Emergency access at your sites")).to_be_focused()
    await row.get_by_role("link", name="Rosa Zinnober").click()
    await expect(first.page).to_have_url(f"{first.url}/patients/{home.patient.id}/pool")


async def test_what_is_shown_is_acknowledged_together_in_every_window(home: Home) -> None:
    for _ in range(3):
        await home.opened()
    here, there = await home.at_work(home.admin), await home.at_work(home.admin)
    await expect(badge(there)).to_have_accessible_name("3 emergency accesses to acknowledge")
    await here.go("/administration/emergency")
    await here.page.get_by_role("button", name="Acknowledge the 3 shown").click()
    for window in (here, there):
        await expect(badge(window)).to_have_count(0)
    await expect(rows(here).filter(has_text="acknowledged")).to_have_count(3)


async def test_whose_role_is_taken_away_sees_nothing_of_it_any_more(home: Home, api: Api) -> None:
    await home.opened()
    screen = await home.at_work(home.admin)
    await badge(screen).click()
    await expect(rows(screen)).to_have_count(1)
    user = screen.page
    session = await (await screen.context.request.get(f"{screen.url}/api/v1/session")).json()
    path = f"/api/v1/users/{session['user']}"
    async with api.http.get(path) as found:
        version = found.headers["ETag"]
    assert api.session is not None
    async with api.http.put(
        f"{path}/sites/{home.site}/roles",
        json={"roles": ["clinician"]},
        headers={"X-CSRF-Token": api.session.csrf_token, "If-Match": version},
    ) as changed:
        assert changed.status == 200, await changed.text()
    await expect(user.get_by_role("heading", name="Nothing here")).to_be_visible()
    await expect(badge(screen)).to_have_count(0)
    await expect(user.get_by_role("link", name="Emergency Alerts")).to_have_count(0)
    await home.opened()
    await expect(user.get_by_role("alert")).to_have_count(0)
