"""One's own account in real browsers: password, second factor, sessions, API tokens."""

import asyncio
import secrets
from datetime import UTC, datetime

import aiohttp
import pyotp
import pytest
from playwright.async_api import Locator, Route, expect

from dermfolio.contracts.roles import Role
from dermfolio.ops.api_client import Api

from .colleagues import engage
from .conftest import NewScreen, System
from .screen import Screen

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("e2e"), pytest.mark.timeout(600)]


def fresh_password() -> str:
    return f"Aa1-{secrets.token_urlsafe(12)}"


async def sign_in_as(screen: Screen, login: str, password: str) -> None:
    """Type login and password; what comes then is for the test."""
    page = screen.page
    await screen.go("/sign-in")
    await page.get_by_label("User name").fill(login)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Sign in").click()


@pytest.mark.req("ORG-4")
async def test_a_second_factor_is_set_up_asked_for_trusted_and_removed(
    system: System, api: Api, new_screen: NewScreen
) -> None:
    login, password = await engage(system, Role.CLINICIAN), system.password or ""
    screen = await new_screen(signed_in=False)
    page = screen.page
    await screen.sign_in(login, password)
    await screen.go("/account")
    await page.get_by_role("button", name="Set up two-factor sign-in").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Current password").fill("Wrong-Password-1!")
    await dialog.get_by_role("button", name="Continue").click()
    await expect(dialog.get_by_role("alert")).to_have_text("This is not your current password.")
    await dialog.get_by_label("Current password").fill(password)
    await dialog.get_by_role("button", name="Continue").click()
    await expect(dialog.get_by_role("img", name="QR code")).to_have_js_property("complete", True)
    app = pyotp.TOTP((await dialog.locator("code").inner_text()).replace(" ", ""))
    assert await screen.violations() == []
    await dialog.get_by_label("Code", exact=True).fill(app.at(datetime.now(UTC)))
    await dialog.get_by_role("button", name="Confirm").click()
    await expect(dialog.get_by_text("These recovery codes are shown only now")).to_be_visible()
    recovery = await dialog.get_by_role("listitem").all_inner_texts()
    assert len(recovery) == 10
    assert await screen.violations() == []
    await dialog.get_by_role("button", name="I have kept them").click()
    await expect(page.get_by_text("10 recovery codes are left.")).to_be_visible()

    there = await new_screen(signed_in=False)
    await sign_in_as(there, login, password)
    code = there.page.get_by_label("Code", exact=True)
    await expect(code).to_be_focused()
    assert await there.violations() == []
    await code.fill("000000")
    await there.page.get_by_role("button", name="Sign in").click()
    await expect(there.page.get_by_role("alert")).to_contain_text("The code is not right or was used before.")
    await code.fill(app.generate_otp(app.timecode(datetime.now(UTC)) + 1))
    await there.page.get_by_label("Trust this device").check()
    await there.page.get_by_role("button", name="Sign in").click()
    await expect(there.page.get_by_role("heading", name="Patient Database")).to_be_visible()
    await there.go("/account")
    await expect(there.page.get_by_role("heading", name="Trusted devices")).to_be_visible()
    assert await there.violations() == []
    await there.page.get_by_role("button", name="Clinician Test").click()
    await there.page.get_by_role("menuitem", name="Sign out").click()
    await there.page.get_by_role("heading", name="Sign in").wait_for()
    await there.sign_in(login, password)
    await expect(there.page.get_by_role("heading", name="Profile")).to_be_visible()

    await page.get_by_role("button", name="Remove").click()
    await dialog.get_by_label("Current password").fill(password)
    await dialog.get_by_label("Code", exact=True).fill(recovery[0])
    await dialog.get_by_role("button", name="Remove").click()
    await expect(page.get_by_role("button", name="Set up two-factor sign-in")).to_be_visible()


@pytest.mark.req("ORG-4")
async def test_where_a_second_factor_is_required_it_comes_before_anything_else(
    system: System, api: Api, new_screen: NewScreen
) -> None:
    login, password, required = await engage(system, Role.CLINICIAN), system.password or "", True

    async def as_if_required(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, json=await answer.json() | {"second_factor_setup_required": required})

    screen = await new_screen(signed_in=False)
    page = screen.page
    await screen.sign_in(login, password)
    await page.route("**/api/v1/session", as_if_required)
    await screen.go("/patients")
    await expect(page.get_by_role("heading", name="Set up two-factor sign-in")).to_be_visible()
    assert await screen.violations() == []
    await page.get_by_label("Current password").fill(password)
    await page.get_by_role("button", name="Continue").click()
    app = pyotp.TOTP((await page.locator("code").inner_text()).replace(" ", ""))
    await page.get_by_label("Code", exact=True).fill(app.at(datetime.now(UTC)))
    await page.get_by_role("button", name="Confirm").click()
    required = False
    await page.get_by_role("button", name="I have kept them").click()
    await expect(page.get_by_role("heading", name="Patient Database")).to_be_visible()


@pytest.mark.req("ORG-5")
async def test_sessions_are_ended_one_by_one_and_all_at_once(system: System, api: Api, new_screen: NewScreen) -> None:
    login, password = await engage(system, Role.CLINICIAN), system.password or ""
    here, there, elsewhere = [await new_screen(signed_in=False) for _ in range(3)]
    for screen in (here, there, elsewhere):
        await screen.sign_in(login, password)
    page = here.page
    await here.go("/account")
    await expect(page.get_by_role("button", name="End", exact=True)).to_have_count(2)
    assert await here.violations() == []
    await page.get_by_role("button", name="End", exact=True).first.click()
    await expect(page.get_by_role("button", name="End", exact=True)).to_have_count(1)
    await page.get_by_role("button", name="Log Out of All Devices").click()
    await page.get_by_role("dialog").get_by_role("button", name="Log Out of All Devices").click()
    for screen in (here, there, elsewhere):
        await expect(screen.page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.req("ORG-3")
async def test_one_changes_the_own_password_on_the_account_page(
    system: System, api: Api, new_screen: NewScreen
) -> None:
    login, chosen = await engage(system, Role.CLINICIAN), fresh_password()
    screen, elsewhere = await new_screen(signed_in=False), await new_screen(signed_in=False)
    for one in (screen, elsewhere):
        await one.sign_in(login, system.password or "")
    page = screen.page
    await page.get_by_role("button", name="Clinician Test").click()
    await page.get_by_role("menuitem", name="Account").click()
    await page.get_by_role("heading", name="Profile").wait_for()
    assert await screen.violations() == []
    for current in ("Wrong-Password-1!", system.password or ""):
        await page.get_by_label("Current password").fill(current)
        await page.get_by_label("New password", exact=True).fill(chosen)
        await page.get_by_label("New password, once more").fill(chosen)
        await page.get_by_role("button", name="Change password").click()
        if current != system.password:
            await expect(page.get_by_text("This is not your current password.")).to_be_visible()
    await expect(page.get_by_text("Your password is changed.")).to_be_visible()
    await expect(elsewhere.page.get_by_role("heading", name="Sign in")).to_be_visible()
    await expect(page.get_by_role("heading", name="Profile")).to_be_visible()


@pytest.mark.req("ORG-7")
async def test_an_api_token_is_shown_once_works_and_stops_when_revoked(
    system: System, api: Api, new_screen: NewScreen
) -> None:
    login, name = await engage(system, Role.PHOTOGRAPHER), "Camera bridge"
    screen = await new_screen(signed_in=False)
    await screen.sign_in(login, system.password or "")
    page = screen.page
    await screen.go("/account")
    await expect(page.get_by_text("You have no API token.")).to_be_visible()
    await page.get_by_role("button", name="Make a token").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill(name)
    await dialog.get_by_label("See patients").check()
    await expect(dialog.get_by_label("Read the audit trail")).to_have_count(0)
    if await dialog.get_by_label("Main site").count():
        await dialog.get_by_label("Main site").check()
    assert await screen.violations() == []
    await dialog.get_by_role("button", name="Make a token").click()
    await expect(dialog.get_by_text("This token is shown only now")).to_be_visible()
    token = await dialog.get_by_label(name).input_value()
    assert await screen.violations() == []
    await dialog.get_by_role("button", name="Done").click()
    await expect(page.get_by_role("listitem").filter(has_text=name)).to_contain_text("never used")
    assert token not in await page.content()

    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(system.url, headers=headers) as program:
        assert (await program.get("/api/v1/patients")).status == 200
        assert (await program.get("/api/v1/account/tokens")).status == 403
        await page.get_by_role("button", name="Revoke").click()
        await dialog.get_by_role("button", name="Revoke").click()
        await expect(page.get_by_text("You have no API token.")).to_be_visible()
        assert (await program.get("/api/v1/patients")).status == 401


async def refresh_until(history: Locator, newest: str) -> None:
    """Refresh until the trail, which follows what happens, holds what happened last."""
    async with asyncio.timeout(60):
        while newest not in await history.get_by_role("listitem").first.inner_text():
            await history.get_by_role("button", name="Refresh").click()
            await asyncio.sleep(0.2)


LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (390, 820, 1440)]


@pytest.mark.req("AUD-4")
async def test_the_security_history_shows_what_happened_to_the_own_account_and_to_nobody_elses(
    system: System, api: Api, new_screen: NewScreen
) -> None:
    login, other, password = await engage(system, Role.CLINICIAN), await engage(system, Role.VIEWER), system.password
    elsewhere, screen = await new_screen(signed_in=False), await new_screen(signed_in=False)
    for somebody, name in ((elsewhere, other), (screen, login)):
        await sign_in_as(somebody, name, "Wrong-Password-1!")
        await expect(somebody.page.get_by_role("alert")).to_be_visible()
        await somebody.sign_in(name, password or "")
    page = screen.page
    await screen.go("/account")
    await page.get_by_role("button", name="Make a token").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Camera bridge")
    await dialog.get_by_label("See patients").check()
    if await dialog.get_by_label("Main site").count():
        await dialog.get_by_label("Main site").check()
    await dialog.get_by_role("button", name="Make a token").click()
    await dialog.get_by_role("button", name="Done").click()

    section = page.get_by_role("region", name="Security history")
    await section.scroll_into_view_if_needed()
    rows = section.get_by_role("listitem")
    await refresh_until(section, "API token made")
    made, signed_in, refused, *_, link, _, invited = [await row.inner_text() for row in await rows.all()]
    assert (await rows.count(), "Account made" in invited) == (7, True)
    assert "Signed in" in signed_in
    assert "Sign-in refused" in refused
    assert "The password was not accepted." in refused
    assert "by Administrator" in link
    assert ["127.0.0.1" in row for row in (made, signed_in, refused, link, invited)] == [True, True, True, False, False]

    for scheme, width in LOOKS:
        await page.emulate_media(color_scheme=scheme)
        await page.set_viewport_size({"width": width, "height": 900})
        await expect(rows.first).to_be_visible()
        assert await screen.violations() == []
    await section.get_by_role("link", name="Change password").click()
    await expect(page.get_by_role("heading", name="Password", exact=True)).to_be_focused()
    await expect(page.get_by_role("heading", name="Password", exact=True)).to_be_in_viewport()


@pytest.mark.req("AUD-4")
async def test_the_security_history_is_read_page_by_page(system: System, api: Api, new_screen: NewScreen) -> None:
    login, password = await engage(system, Role.VIEWER), system.password or ""
    async with Api(system.url) as program:
        for _ in range(12):
            await program.sign_in(login, password)
            await program.sign_out()
    screen = await new_screen(signed_in=False)
    await screen.sign_in(login, password)
    await screen.go("/account")
    section = screen.page.get_by_role("region", name="Security history")
    await section.scroll_into_view_if_needed()
    rows = section.get_by_role("listitem")
    await refresh_until(section, "Signed in")
    await expect(rows).to_have_count(20)
    await section.get_by_role("button", name="Show more").click()
    await expect(rows).to_have_count(29)
    await expect(rows.nth(20)).to_be_focused()
    await expect(section.get_by_role("button", name="Show more")).to_have_count(0)
