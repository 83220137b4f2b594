"""Finding a patient in the Patient Database, in real browsers (PAT-4)."""

import re
import secrets

import pytest
from playwright.async_api import Locator, Page, Request, Route, expect

from dermfolio.contracts.roles import Role
from dermfolio.ops.api_client import Api

from .colleagues import engage
from .conftest import NewScreen, System
from .screen import Screen

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("e2e"),
    pytest.mark.timeout(600),
    pytest.mark.req("PAT-4"),
]


async def clinic(system: System, api: Api, new_screen: NewScreen) -> tuple[Screen, str]:
    """Five patients of a site of their own, before its clinician; and the end of their IDs."""
    end = secrets.token_hex(3)
    site = (await api.create_site(f"Clinic {end}", "Europe/Zurich")).id
    login = await engage(system, Role.CLINICIAN, site=site)
    password = system.password or ""
    async with Api(system.url) as clinician:
        await clinician.sign_in(login, password)
        category = await api.create_tag_category(f"Diagnosis {end}", "teal")
        tag = await api.create_tag(category.id, f"Melanoma {end}")
        names = (("Zoë", "Ångström"), ("Iwan", "Petrow"), ("Хасан", "Петров"), ("Ada", "Berg"), (None, None))
        for n, (first, last) in enumerate(names):
            numbers = [{"system": "mrn", "number": f"MRN-{n}{end}"}]
            made = await clinician.create_patient(
                f"p{n}-{end}", first_name=first, last_name=last, record_numbers=numbers
            )
            if n < 2:
                await clinician.create_entry(made.id, appointment=f"2026-0{n + 1}-12T09:30:00Z")
            if n == 0:
                await clinician.tag_patient(made.id, tag.id)
    screen = await new_screen(signed_in=False)
    await screen.sign_in(login, password)
    await screen.go("/patients")
    await expect(shown(screen.page)).to_have_count(5)
    return screen, end


def shown(page: Page) -> Locator:
    """The patients on the page."""
    return page.locator("a[data-patient]")


async def test_a_patient_is_found_while_typing_and_what_is_typed_is_in_no_address(
    system: System, api: Api, new_screen: NewScreen
) -> None:
    screen, end = await clinic(system, api, new_screen)
    page, addresses = screen.page, list[str]()
    page.on("request", lambda request: addresses.append(request.url))
    await page.locator("h1").click()
    await page.keyboard.press("/")
    search = page.get_by_role("searchbox", name="Search patients")
    await expect(search).to_be_focused()
    for typed, found in (("angstrom", "Zoë Ångström"), ("пет", "Хасан Петров"), (f"mrn-3{end}", "Ada Berg")):
        await search.fill(typed)
        await expect(shown(page)).to_have_count(1)
        await expect(shown(page)).to_contain_text(found)
        await expect(page.get_by_text("1 patient", exact=True)).to_be_visible()
    await search.fill("nobody at all")
    await expect(page.get_by_role("heading", name="No patient found")).to_be_visible()
    await page.get_by_role("button", name="Clear search and filters").click()
    await expect(shown(page)).to_have_count(5)
    await expect(search).to_be_focused()
    assert not [address for address in [*addresses, page.url] if re.search("angstrom|nobody|mrn-", address)]


async def test_the_newest_answer_is_shown_however_late_an_older_one_comes(
    system: System, api: Api, new_screen: NewScreen
) -> None:
    screen, _ = await clinic(system, api, new_screen)
    page, held = screen.page, list[Route]()

    async def slowly(route: Route, request: Request) -> None:
        if '"berg"' in (request.post_data or ""):
            held.append(route)
        else:
            await route.continue_()

    await page.route("**/api/v1/patients/search", slowly)
    search = page.get_by_role("searchbox", name="Search patients")
    await search.fill("berg")
    await _until(page, held)
    await search.fill("petrow")
    await expect(shown(page)).to_have_count(1)
    for route in held:
        await route.continue_()
    await page.wait_for_timeout(300)
    await expect(shown(page)).to_contain_text("Iwan Petrow")


async def _until(page: Page, held: list[Route]) -> None:
    for _ in range(200):
        if held:
            return
        await page.wait_for_timeout(50)
    raise AssertionError("nothing was asked")


async def test_sorts_and_filters_are_in_the_address_and_are_taken_away_again(
    system: System, api: Api, new_screen: NewScreen
) -> None:
    screen, end = await clinic(system, api, new_screen)
    page = screen.page
    await page.get_by_role("button", name="Sort by").click()
    await page.get_by_role("menuitem", name="Name").click()
    await expect(shown(page).first).to_contain_text("Zoë Ångström")
    await expect(shown(page).last).to_contain_text(f"p4-{end}")
    await page.get_by_role("button", name="Ascending: turn around").click()
    await expect(shown(page).first).to_contain_text(f"p4-{end}")
    await page.get_by_role("button", name="Filters", exact=True).click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("From").fill("2026-01-01")
    await drawer.get_by_label("Any of these tags").click()
    await page.get_by_role("option", name=f"Melanoma {end}").click()
    await page.keyboard.press("Escape")
    await drawer.get_by_role("button", name="Apply").click()
    await expect(shown(page)).to_have_count(1)
    await expect(shown(page)).to_contain_text(f"Melanoma {end}")
    await expect(shown(page)).to_contain_text("Jan 12, 2026")
    await page.reload()
    await expect(shown(page)).to_have_count(1)
    await page.get_by_role("button", name=f"Remove filter Any of these tags: Melanoma {end}").click()
    await expect(shown(page)).to_have_count(2)
    await page.get_by_role("button", name="Remove filter Last appointment").click()
    await expect(shown(page)).to_have_count(5)
    await page.go_back()
    await expect(shown(page)).to_have_count(2)


async def test_arrows_walk_through_the_results_and_a_table_stays_one(
    system: System, api: Api, new_screen: NewScreen
) -> None:
    screen, _ = await clinic(system, api, new_screen)
    page = screen.page
    search = page.get_by_role("searchbox", name="Search patients")
    await search.focus()
    steps = (("ArrowDown", 0), ("ArrowRight", 1), ("ArrowLeft", 0), ("ArrowDown", 4), ("ArrowUp", 0))  # four in a row
    for key, place in steps:
        await page.keyboard.press(key)
        await expect(shown(page).nth(place)).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(search).to_be_focused()
    await page.get_by_role("img", name="Table", exact=True).click()
    await expect(page.get_by_role("row")).to_have_count(6)
    await page.wait_for_timeout(1500)  # until the preference is sent
    await page.reload()
    await expect(page.get_by_role("row")).to_have_count(6)
    await page.keyboard.press("/")
    await page.keyboard.press("ArrowDown")
    await expect(shown(page).first).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("group", name="Patient")).to_be_visible()
