"""How one likes to work, in real browsers: the same on every device, and nobody else's."""

import secrets
from uuid import uuid4

import pytest
from playwright.async_api import Page, Route, expect

from dermfolio.contracts.roles import Role
from dermfolio.ops.api_client import Api
from dermfolio.ops.photographs import photograph
from dermfolio.ops.photographs.camera import Shot
from dermfolio.ops.photographs.scenes import Scene

from .colleagues import engage
from .conftest import NewScreen, System
from .screen import Screen

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("e2e"), pytest.mark.timeout(600)]

LARGER_THAN_A_SCREEN = Shot(2400, 1800, "2026:03:02 09:14:51")
UNAVAILABLE = {"type": "about:blank", "title": "Unavailable", "status": 503, "detail": "", "code": "unavailable"}


async def sign_in_here(screen: Screen, login: str, password: str) -> None:
    """Sign in where the page is, in whatever language it speaks."""
    page = screen.page
    await page.locator("input[autocomplete=username]").fill(login)
    await page.locator("input[autocomplete=current-password]").fill(password)
    await page.locator("button[type=submit]").click()
    await page.wait_for_url(lambda url: not url.endswith("/sign-in"))


async def expect_colours(page: Page, scheme: str) -> None:
    await expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)


@pytest.mark.req("ORG-9")
async def test_what_one_prefers_holds_on_every_device_and_for_nobody_else(
    system: System, api: Api, new_screen: NewScreen
) -> None:
    one, other, password = (
        await engage(system, Role.CLINICIAN),
        await engage(system, Role.VIEWER),
        system.password or "",
    )
    patient = (await api.create_patient(f"e2e-{secrets.token_hex(4)}")).id
    image, jpeg = uuid4(), photograph(Scene("II", "mole", 40, 0.1), LARGER_THAN_A_SCREEN, seed=1)
    await api.put_image(patient, image, jpeg, file_name="IMG_0001.JPG")
    here = await new_screen(signed_in=False)
    page = here.page
    await here.sign_in(one, password)
    await here.go(f"/patients/{patient}/pool")
    await page.get_by_text("Oldest first").click()
    await page.get_by_role("button", name="Show icons only").click()
    await here.go("/account")
    await page.get_by_text("Original pixels, 1 : 1").click()
    await page.get_by_text("Dark", exact=True).click()
    await expect_colours(page, "dark")
    await page.get_by_text("Français").click()
    await expect(page.get_by_role("heading", name="Compte")).to_be_visible()
    assert await here.violations() == []

    there = await new_screen(signed_in=False)
    await there.sign_in(one, password)
    await expect(there.page.get_by_role("heading", name="Base des patients")).to_be_visible()
    await expect_colours(there.page, "dark")
    await expect(there.page.get_by_role("button", name="Afficher les noms")).to_be_visible()
    await there.go(f"/patients/{patient}/pool")
    await expect(there.page.get_by_role("radio", name="Plus anciennes")).to_be_checked()
    await there.page.locator(f"[data-open='{image}']").click()
    await expect(there.page.locator("[data-zoom]")).to_have_text("100\u202f%")
    await there.page.keyboard.press("0")
    await expect(there.page.locator("[data-zoom]")).not_to_have_text("100\u202f%")

    await page.get_by_role("button", name="Clinician Test").click()
    await page.get_by_role("menuitem", name="Se déconnecter").click()
    await expect(page.get_by_role("heading", name="Connexion")).to_be_visible()
    await expect_colours(page, "dark")
    await sign_in_here(here, other, password)
    await expect(page.get_by_role("heading", name="Account")).to_be_visible()
    await expect_colours(page, "light")
    await expect(page.get_by_role("radio", name="Whole")).to_be_checked()
    await expect(page.get_by_role("button", name="Show icons only")).to_be_visible()
    await here.go(f"/patients/{patient}/pool")
    await expect(page.get_by_role("radio", name="Newest first")).to_be_checked()


@pytest.mark.req("ORG-9")
async def test_what_is_chosen_the_moment_before_the_page_is_left_holds_too(
    system: System, api: Api, new_screen: NewScreen
) -> None:
    login, password = await engage(system, Role.CLINICIAN), system.password or ""
    here, there = await new_screen(signed_in=False), await new_screen(signed_in=False)
    await here.sign_in(login, password)
    await here.go("/account")
    for theme in ("Light", "Dark"):
        await here.page.get_by_text(theme, exact=True).click()
    await here.page.reload()
    await expect_colours(here.page, "dark")
    await expect(here.page.get_by_role("radio", name="Dark")).to_be_checked()
    await here.page.get_by_role("button", name="Show icons only").click()
    await here.page.close()
    await there.sign_in(login, password)
    await expect_colours(there.page, "dark")
    await expect(there.page.get_by_role("button", name="Show names")).to_be_visible()


@pytest.mark.req("ORG-9")
async def test_a_choice_that_cannot_be_saved_holds_here_is_told_once_and_is_saved_later(
    system: System, api: Api, new_screen: NewScreen
) -> None:
    login, password = await engage(system, Role.CLINICIAN), system.password or ""
    here, there = await new_screen(signed_in=False), await new_screen(signed_in=False)
    page, path = here.page, "**/api/v1/account/preferences"

    async def refuse(route: Route) -> None:
        await route.fulfill(status=503, json=UNAVAILABLE, content_type="application/problem+json")

    await here.sign_in(login, password)
    await here.go("/account")
    await expect(page.get_by_role("radio", name="Whole")).to_be_checked()
    await page.route(path, refuse)
    await page.get_by_text("Dark", exact=True).click()
    await expect_colours(page, "dark")
    await expect(page.get_by_text("What you have chosen holds here")).to_have_count(1)
    async with page.expect_response(lambda answer: answer.request.method == "PATCH" and answer.ok):
        await page.unroute(path)
    await there.sign_in(login, password)
    await expect_colours(there.page, "dark")


@pytest.mark.req("ORG-9")
async def test_who_has_chosen_no_language_keeps_the_one_chosen_before_signing_in(
    system: System, api: Api, new_screen: NewScreen
) -> None:
    login, password = await engage(system, Role.CLINICIAN), system.password or ""
    here, there = await new_screen(signed_in=False), await new_screen(signed_in=False)
    await here.go("/sign-in")
    await here.page.get_by_text("Français").click()
    await expect(here.page.get_by_role("heading", name="Connexion")).to_be_visible()
    for screen in (here, there):
        if screen is there:
            await screen.go("/sign-in")
        await sign_in_here(screen, login, password)
        await expect(screen.page.get_by_role("heading", name="Base des patients")).to_be_visible()
