"""Signing in and out, and the first password."""

import re
import secrets

import pytest
from playwright.async_api import expect

from dermfolio.contracts.roles import Role
from dermfolio.local.first_admin import USER
from dermfolio.ops.api_client import Api

from .colleagues import engage
from .conftest import NewScreen, System

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("e2e"), pytest.mark.timeout(300)]


@pytest.mark.req("ORG-2")
async def test_whoever_has_a_one_time_password_chooses_one_before_anything_else(
    system: System, api: Api, new_screen: NewScreen
) -> None:
    login, chosen = await engage(system, Role.CLINICIAN, must_change_password=True), secrets.token_hex(8) + "-Aa1"
    screen = await new_screen(signed_in=False)
    page = screen.page
    await screen.sign_in(login, system.password or "")
    await expect(page).to_have_url(f"{system.url}/choose-password")
    await screen.go("/patients")
    await expect(page).to_have_url(f"{system.url}/choose-password")
    await page.get_by_label("One-time password").wait_for()
    assert await screen.violations() == []
    await page.get_by_label("One-time password").fill(system.password or "")
    await page.get_by_label("New password", exact=True).fill("too short")
    await page.get_by_label("New password, once more").fill("too short")
    await page.get_by_role("button", name="Save and continue").click()
    await expect(page.get_by_text("does not follow the rules")).to_be_visible()
    await page.get_by_label("New password", exact=True).fill(chosen)
    await page.get_by_label("New password, once more").fill(chosen)
    await page.get_by_role("button", name="Save and continue").click()
    await expect(page.get_by_role("heading", name="Patient Database")).to_be_visible()


async def test_a_wrong_password_is_refused_in_a_sentence_and_the_field_is_empty_again(
    system: System, api: Api, new_screen: NewScreen
) -> None:
    screen = await new_screen(signed_in=False)
    page = screen.page
    await screen.go("/sign-in")
    await page.get_by_label("User name").wait_for()
    assert await screen.violations() == []
    for login in (USER, "nobody"):
        await page.get_by_label("User name").fill(login)
        await page.get_by_label("Password", exact=True).fill("Wrong-Password-1!")
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_role("alert")).to_have_text("The user name or the password is not right.")
        await expect(page.get_by_label("Password", exact=True)).to_have_value("")


async def test_signing_in_leads_where_one_wanted_to_go_and_signing_out_leaves_nothing_behind(
    system: System, api: Api, new_screen: NewScreen
) -> None:
    screen = await new_screen(signed_in=False)
    page = screen.page
    await screen.go("/patients/new")
    await expect(page).to_have_url(f"{system.url}/sign-in")
    await page.get_by_label("User name").fill(USER)
    await page.get_by_label("Password", exact=True).fill(system.password or "")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Create Patient")).to_be_visible()
    other = await screen.context.new_page()
    await other.goto(system.url + "/patients")
    await expect(other.get_by_role("heading", name="Patient Database")).to_be_visible()
    await page.get_by_role("button", name="Administrator").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    await screen.go("/patients")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    kept = await page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert USER not in kept


@pytest.mark.req("ORG-9")
async def test_the_whole_interface_speaks_french_when_asked_to(system: System, api: Api, new_screen: NewScreen) -> None:
    screen = await new_screen(signed_in=False, locale="fr-FR")
    page = screen.page
    await screen.go("/sign-in")
    await expect(page.get_by_role("heading", name="Connexion")).to_be_visible()
    await page.get_by_label(re.compile("Nom d.utilisateur")).fill(USER)
    await page.get_by_label("Mot de passe", exact=True).fill("x")
    await page.get_by_role("button", name="Se connecter").click()
    await expect(page.get_by_role("alert")).to_have_text(
        re.compile("Le nom d.utilisateur ou le mot de passe est incorrect.")
    )
    await page.get_by_text("English").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
