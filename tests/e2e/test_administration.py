"""Administration in real browsers: sites, invitations, roles, and what they mean to the others at once."""

import secrets
import time

import pytest
from playwright.async_api import Page, expect

from dermfolio.contracts.roles import Role
from dermfolio.ops.api_client import Api

from .colleagues import engage
from .conftest import NewScreen, System
from .screen import Screen

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("e2e"), pytest.mark.timeout(600)]

OUT_SECONDS = 5.0


def fresh_password() -> str:
    return f"Aa1-{secrets.token_urlsafe(12)}"


async def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a select by its name."""
    await page.get_by_role("combobox", name=label).click()
    await page.get_by_role("option").filter(has=page.get_by_text(option, exact=True)).click()


async def open_site(screen: Screen, name: str) -> None:
    """Open a site as an administrator does."""
    page = screen.page
    await page.get_by_role("link", name="Sites").click()
    await page.get_by_role("link", name="Open Site").click()
    await page.get_by_label("Name").fill(name)
    await page.get_by_role("combobox", name="Time zone").fill("Zurich")
    await page.get_by_role("option", name="Europe/Zurich").click()
    await page.get_by_label("Letterhead").fill("Hautzentrum\nBahnhofstrasse 1")
    await page.get_by_role("button", name="Open site").click()
    await expect(page.get_by_role("link", name=name)).to_be_visible()


async def invite(screen: Screen, login: str, site: str, role: str) -> str:
    """Invite somebody with a role at a site; returns the link."""
    page = screen.page
    await page.get_by_role("link", name="Users").click()
    await page.get_by_role("link", name="Invite User").click()
    await page.get_by_label("User name").fill(login)
    await page.get_by_label("Name", exact=True).fill("Zora Beispiel")
    await choose(page, "Add a site", site)
    await choose(page, site, role)
    await page.get_by_role("button", name="Invite and make the link").click()
    await expect(page.get_by_text("This link is shown only now")).to_be_visible()
    return await page.get_by_label("One-time link").input_value()


async def choose_by_link(screen: Screen, link: str, password: str) -> None:
    """Follow a link and choose a password by it."""
    await screen.page.goto(link)
    await screen.page.get_by_label("New password", exact=True).fill(password)
    await screen.page.get_by_label("New password, once more").fill(password)
    await screen.page.get_by_role("button", name="Save password").click()


async def open_user(screen: Screen, login: str) -> None:
    """Open the page of a user."""
    await screen.go("/administration/users")
    row = screen.page.get_by_role("row").filter(has_text=login)
    await row.get_by_role("link").click()
    await screen.page.get_by_role("heading", name="Access").wait_for()


async def save(screen: Screen) -> None:
    """Save what was changed."""
    await screen.page.get_by_role("button", name="Save", exact=True).click()
    await expect(screen.page.get_by_text("No unsaved changes")).to_be_visible()


@pytest.mark.req("ORG-1", "ORG-2")
async def test_an_invited_user_chooses_a_password_sees_one_site_follows_a_changed_role_and_is_out_when_disabled(
    system: System, api: Api, screen: Screen, new_screen: NewScreen
) -> None:
    elsewhere = await api.create_patient(f"e2e-{secrets.token_hex(4)}")
    site, login, password = f"Hautzentrum {secrets.token_hex(3)}", f"zora-{secrets.token_hex(4)}", fresh_password()
    await open_site(screen, site)
    link = await invite(screen, login, site, "Viewer")
    assert await screen.violations() == []

    there = await new_screen(signed_in=False)
    await choose_by_link(there, link, password)
    await expect(there.page.get_by_label("User name")).to_have_value(login)
    await there.page.get_by_label("Password", exact=True).fill(password)
    await there.page.get_by_role("button", name="Sign in").click()
    await expect(there.page.get_by_text("No patients yet")).to_be_visible()
    await there.go(f"/patients/{elsewhere.id}/pool")
    await expect(there.page.get_by_text("This does not exist, or you may not see it.")).to_be_visible()
    await there.go("/administration/users")
    await expect(there.page.get_by_role("heading", name="Nothing here")).to_be_visible()
    await expect(there.page.locator("[data-connection=live]")).to_be_attached()

    await open_user(screen, login)
    await choose(screen.page, site, "Site administrator")
    await save(screen)
    await expect(there.page.get_by_role("heading", name="Users")).to_be_visible(timeout=OUT_SECONDS * 1000)
    await expect(there.page.get_by_role("row")).to_have_count(2)
    await there.page.get_by_role("link", name="Sites").click()
    await expect(there.page.get_by_role("row")).to_have_count(2)

    await screen.page.get_by_role("button", name="Disable").click()
    dialog = screen.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("signed out of every browser")
    await dialog.get_by_role("button", name="Disable").click()
    began = time.monotonic()
    await expect(there.page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert time.monotonic() - began < OUT_SECONDS
    await expect(screen.page.get_by_text("Disabled", exact=True)).to_be_visible()
    await expect(screen.page.get_by_role("heading", name="Access")).to_be_focused()


@pytest.mark.req("ORG-2")
async def test_a_link_works_once_leaves_no_trace_and_is_refused_kindly_after(
    system: System, screen: Screen, new_screen: NewScreen
) -> None:
    login = f"link-{secrets.token_hex(4)}"
    link = await invite(screen, login, "Main site", "Clinician")
    there = await new_screen(signed_in=False)
    page = there.page
    await page.goto(link)
    await page.get_by_label("New password", exact=True).wait_for()
    assert page.url == f"{system.url}/welcome"
    kept = await page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert link.split("#")[1] not in kept
    assert await there.violations() == []
    await page.get_by_label("New password", exact=True).fill("too short")
    await page.get_by_label("New password, once more").fill("too short")
    await page.get_by_role("button", name="Save password").click()
    await expect(page.get_by_text("does not follow the rules")).to_be_visible()
    await choose_by_link(there, link, fresh_password())
    await expect(page.get_by_label("User name")).to_have_value(login)
    await choose_by_link(there, link, fresh_password())
    await expect(page.get_by_role("heading", name="This link cannot be used")).to_be_visible()
    await page.get_by_role("link", name="Go to sign-in").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.req("ORG-1")
async def test_a_change_upon_an_old_version_is_told_and_nothing_typed_is_lost(
    system: System, screen: Screen, new_screen: NewScreen
) -> None:
    site = f"Praxis {secrets.token_hex(3)}"
    await open_site(screen, site)
    other = await new_screen()
    for one in (screen, other):
        await one.go("/administration/sites")
        await one.page.get_by_role("link", name=site).click()
        await one.page.get_by_label("Letterhead").wait_for()
    await other.page.get_by_label("Letterhead").fill("Somewhere else")
    await save(other)
    page = screen.page
    await page.get_by_label("Name").fill(f"{site} am See")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("alert").filter(has_text="Somebody else changed this meanwhile")).to_be_visible()
    await expect(page.get_by_label("Letterhead")).to_have_value("Somewhere else")
    await expect(page.get_by_label("Name")).to_have_value(f"{site} am See")
    await expect(page.get_by_text("1 unsaved change")).to_be_visible()
    await save(screen)
    await page.get_by_label("Name").fill("something else")
    await page.get_by_role("button", name="Discard").click()
    await expect(page.get_by_label("Name")).to_have_value(f"{site} am See")


@pytest.mark.req("ORG-1")
async def test_users_are_found_by_name_or_login_and_the_words_stand_in_no_address(screen: Screen, api: Api) -> None:
    mark = secrets.token_hex(4)
    for name in (f"Zoë Müller {mark}", f"Anna Frey {mark}"):
        await api.invite_user(f"{name[0].lower()}.{mark}", name, {}, [Role.AUDITOR])
    page, asked = screen.page, list[str]()
    page.on("request", lambda request: asked.append(request.url))
    await page.get_by_role("link", name="Users").click()
    search = page.get_by_role("searchbox", name="Search users")
    people = page.get_by_role("row").filter(has_text=mark)
    await expect(people).to_have_count(2)
    for words, names in (
        (f"muller {mark}", ["Zoë Müller"]),
        (mark.upper(), ["Anna Frey", "Zoë Müller"]),
        (f"a.{mark}", ["Anna Frey"]),
    ):
        await search.fill(words)
        await expect(page.get_by_role("row")).to_have_count(1 + len(names))
        for row, name in enumerate(names):
            await expect(people.nth(row)).to_contain_text(name)
    assert await screen.violations() == []
    await search.fill(f"nobody {mark}")
    await expect(page.get_by_role("status").filter(has_text="Nobody matches this search.")).to_be_visible()
    await expect(page.get_by_role("row")).to_have_count(0)
    assert await screen.violations() == []
    await search.fill("")
    await expect(people).to_have_count(2)
    assert not [url for url in [*asked, page.url] if mark in url]


@pytest.mark.req("ORG-1")
async def test_who_manages_nothing_finds_no_administration(system: System, api: Api, new_screen: NewScreen) -> None:
    login = await engage(system, Role.CLINICIAN)
    screen = await new_screen(signed_in=False)
    await screen.sign_in(login, system.password or "")
    await expect(screen.page.get_by_role("heading", name="Patient Database")).to_be_visible()
    await expect(screen.page.get_by_role("link", name="Users")).to_have_count(0)
    await screen.go("/administration/sites")
    await expect(screen.page.get_by_role("heading", name="Nothing here")).to_be_visible()


@pytest.mark.req("ORG-1")
@pytest.mark.parametrize(
    ("role", "heading", "places"),
    [
        (Role.VIEWER, "Patient Database", ["Patient Database"]),
        (Role.PHOTOGRAPHER, "Patient Database", ["Patient Database", "Create Patient"]),
        (
            Role.SITE_ADMIN,
            "Patient Database",
            ["Patient Database", "Create Patient", "Users", "Sites", "Tags", "Emergency Alerts", "Audit Trail"],
        ),
        (Role.ADMIN, "Users", ["Users", "Sites", "Tags", "Settings", "Licence", "Audit Trail"]),
        (Role.AUDITOR, "Audit Trail", ["Audit Trail"]),
    ],
    ids=str,
)
async def test_one_begins_where_ones_role_has_something_to_do_and_finds_nothing_else(
    system: System, api: Api, new_screen: NewScreen, role: Role, heading: str, places: list[str]
) -> None:
    screen = await new_screen(signed_in=False)
    await screen.sign_in(await engage(system, role), system.password or "")
    page = screen.page
    await expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    navigation = page.get_by_role("navigation", name="Navigation").first
    assert await navigation.get_by_role("link").all_text_contents() == places
    if "Create Patient" not in places:
        await expect(page.get_by_role("link", name="Create Patient")).to_have_count(0)
        await screen.go("/patients/new")
        await expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    if "Patient Database" not in places:
        await screen.go("/patients")
        await expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()


@pytest.mark.req("ORG-5")
async def test_settings_are_saved_when_one_says_so_and_hold_for_the_next_session(
    system: System, screen: Screen, new_screen: NewScreen
) -> None:
    page = screen.page
    await page.get_by_role("link", name="Settings").click()
    hours = page.get_by_label("Hours until sign-out at the latest")
    await hours.fill("11")
    await page.get_by_role("switch", name="Everybody needs a second factor").check()
    await expect(page.get_by_text("2 unsaved changes")).to_be_visible()
    await page.get_by_role("button", name="Discard").click()
    await expect(hours).to_have_value("12")
    await hours.fill("11")
    await save(screen)
    there = await new_screen()
    await there.go("/administration/settings")
    await expect(there.page.get_by_label("Hours until sign-out at the latest")).to_have_value("11")
    assert await there.violations() == []


@pytest.mark.req("AUD-2")
async def test_the_level_of_the_audit_trail_is_chosen_with_its_effect_beside_it(
    system: System, screen: Screen, new_screen: NewScreen
) -> None:
    page = screen.page
    await screen.go("/administration/settings")
    levels = page.get_by_role("radiogroup", name="What the audit trail records")
    await expect(levels.get_by_role("radio", name="Everything")).to_be_checked()
    await expect(page.get_by_text("Who else saw them cannot be said afterwards.")).to_be_visible()
    for chosen in ("Only the essentials", "Everything"):
        await levels.get_by_role("radio", name=chosen).check()
        await save(screen)
        there = await new_screen()
        await there.go("/administration/settings")
        await expect(there.page.get_by_role("radio", name=chosen)).to_be_checked()
        assert await there.violations() == []
