"""Consent to photography in real browsers: asked for, given, taken back, and seen at once by everybody."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Route, expect

from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.consent import NewConsent
from dermfolio.contracts.views.patients import PatientView
from dermfolio.contracts.views.settings import ConsentEnforcement
from dermfolio.ops.api_client import Api

from .colleagues import engage
from .conftest import NewScreen, System
from .screen import Screen
from .test_pool import photograph, written

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("e2e"),
    pytest.mark.timeout(600),
    pytest.mark.req("CON-1"),
]

ADVISORY = "Patient Photography Consent Advisory"
AUTHORIZATION = "Patient Photography Authorization Required"
VERBAL = NewConsent.model_validate({"purposes": ["care"], "given": {"method": "external", "verified": "verbal"}})

Enforce = Callable[[ConsentEnforcement], Awaitable[None]]


@pytest_asyncio.fixture(loop_scope="session")
async def enforce(api: Api) -> AsyncIterator[Enforce]:
    """Decides what a missing consent means, for the length of a test."""

    async def decide(enforcement: ConsentEnforcement) -> None:
        await api.change_settings((await api.get_settings()).version, consent_enforcement=enforcement)

    yield decide
    await decide("disabled")


@pytest_asyncio.fixture(loop_scope="session")
async def patient(api: Api) -> PatientView:
    return await api.create_patient(f"e2e-{secrets.token_hex(4)}", first_name="Ada", last_name="Keratin")


async def at_work(system: System, new_screen: NewScreen, role: Role, path: str) -> Screen:
    screen = await new_screen(signed_in=False)
    await screen.sign_in(await engage(system, role), system.password or "")
    await screen.go(path)
    await expect(screen.page.locator("[data-connection=live]")).to_be_attached()
    return screen


@pytest.mark.req("CON-2")
async def test_a_missing_consent_is_advised_where_that_is_wished_and_photographs_are_taken_all_the_same(
    system: System, new_screen: NewScreen, patient: PatientView, enforce: Enforce, tmp_path: Path
) -> None:
    there = await at_work(system, new_screen, Role.PHOTOGRAPHER, f"/patients/{patient.id}/pool")
    await expect(there.page.get_by_role("heading", name="Image Pool")).to_be_visible()
    await expect(there.page.get_by_role("complementary", name=ADVISORY)).to_have_count(0)
    await enforce("advisory")
    await expect(there.page.get_by_role("complementary", name=ADVISORY)).to_be_visible()
    await there.choose_files(written(tmp_path, "arm.jpg", photograph(1)))
    await expect(there.page.get_by_text("1 photograph").first).to_be_visible()
    assert await there.violations() == []
    await enforce("disabled")
    await expect(there.page.get_by_role("complementary", name=ADVISORY)).to_have_count(0)


@pytest.mark.req("CON-3")
@pytest.mark.req("CON-4")
@pytest.mark.req("CON-6")
@pytest.mark.req("POOL-18")
async def test_what_one_has_signed_lets_another_add_photographs_until_it_is_taken_back(
    system: System, new_screen: NewScreen, patient: PatientView, enforce: Enforce, tmp_path: Path
) -> None:
    await enforce("required")
    there = await at_work(system, new_screen, Role.PHOTOGRAPHER, f"/patients/{patient.id}/pool")
    required = there.page.get_by_role("complementary", name=AUTHORIZATION)
    await expect(required).to_be_visible()
    await there.page.get_by_role("button", name="Upload").first.click()
    told = there.page.get_by_role("alert").filter(has_text="Consent form first")
    await expect(told).to_contain_text("The consent form must be completed before photographs can be added.")
    await told.get_by_role("link", name="Go to the consent form").click()
    await expect(there.page.get_by_role("heading", name="Consent", exact=True)).to_be_visible()
    await expect(there.page.get_by_role("button", name="Sign and record")).to_have_count(0)
    await there.page.get_by_role("link", name="Image Pool").first.click()

    here = await at_work(system, new_screen, Role.CLINICIAN, f"/patients/{patient.id}/consent")
    page = here.page
    await expect(page.get_by_role("heading", name="Consent to clinical photography")).to_be_visible()
    await page.get_by_role("button", name="Sign and record").click()
    await expect(page.get_by_text("Write the name of the person who signs.")).to_be_visible()
    await expect(page.get_by_text("The signature is missing.")).to_be_visible()
    assert await here.violations() == []
    await page.get_by_label("Name of the person who signs").fill("Ada Keratin")
    surface = page.get_by_role("img", name="Field to sign in")
    await surface.scroll_into_view_if_needed()
    box = await surface.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 40, box["y"] + 90)
    await page.mouse.down()
    for step in range(1, 12):
        await page.mouse.move(box["x"] + 40 + step * 22, box["y"] + 90 + (-1) ** step * 30)
    await page.mouse.up()
    await page.get_by_role("button", name="Sign and record").click()
    await expect(page.get_by_text("The consent is recorded.")).to_be_visible()
    await expect(page.get_by_text("Signed by Ada Keratin (The patient)")).to_be_visible()
    await page.get_by_role("button", name="Show what was signed").click()
    await expect(page.get_by_role("img", name="Signature of Ada Keratin")).to_be_visible()
    await page.keyboard.press("Escape")

    await expect(required).to_have_count(0)
    await there.choose_files(written(tmp_path, "leg.jpg", photograph(2)))
    await expect(there.page.get_by_text("1 photograph").first).to_be_visible()

    await page.get_by_role("button", name="Revoke consent").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Revoke consent").click()
    await expect(dialog.get_by_text("Write why.")).to_be_visible()
    await dialog.get_by_label("Reason").fill("Changed her mind")
    await dialog.get_by_role("button", name="Revoke consent").click()
    await expect(page.get_by_text("The consent was revoked.")).to_be_visible()
    await expect(page.get_by_text("Changed her mind")).to_be_visible()
    await expect(required).to_be_visible()
    await expect(there.page.get_by_role("note", name="Consent is missing.")).to_be_visible()
    assert await here.violations() == []
    assert await there.violations() == []


@pytest.mark.req("CON-3")
async def test_consent_that_is_taken_back_while_files_are_on_their_way_keeps_them_out_and_says_why(
    system: System, new_screen: NewScreen, api: Api, patient: PatientView, enforce: Enforce, tmp_path: Path
) -> None:
    await enforce("required")
    await api.record_consent(patient.id, VERBAL)
    there = await at_work(system, new_screen, Role.PHOTOGRAPHER, f"/patients/{patient.id}/pool")
    on_its_way, go_on = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        on_its_way.set()
        await go_on.wait()
        await route.continue_()

    await there.page.route(lambda url: "/images/" in url and "renditions" not in url, hold)
    await there.choose_files(written(tmp_path, "late.jpg", photograph(3)))
    await on_its_way.wait()
    await api.revoke_consent(patient.id, "Changed her mind")
    go_on.set()
    told = there.page.get_by_role("alert").filter(has_text="late.jpg")
    await expect(told).to_contain_text("The consent form must be completed first.")
    await expect(told.get_by_role("link", name="Go to the consent form")).to_be_visible()
    assert (await api.list_images(patient.id)).images == []


@pytest.mark.req("CON-5")
async def test_a_site_writes_its_own_form_which_is_signed_with_the_keyboard_alone(
    system: System, screen: Screen, api: Api, patient: PatientView
) -> None:
    site: UUID = patient.site
    page = screen.page
    await screen.go(f"/administration/sites/{site}")
    await page.get_by_role("link", name="Consent forms of this site").click()
    await expect(page.get_by_text("The form that comes with Dermfolio").first).to_be_visible()
    title = f"Our consent {secrets.token_hex(3)}"
    await page.get_by_label("Title").fill(title)
    await expect(page.get_by_role("article").get_by_role("heading", name=title)).to_be_visible()
    assert await screen.violations() == []
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Version 1 is in force.")).to_be_visible()

    await screen.go(f"/patients/{patient.id}/consent")
    await expect(page.get_by_role("heading", name=title)).to_be_visible()
    await page.get_by_label("Name of the person who signs").fill("Grace Keratin")
    await page.get_by_role("radio", name="Draw").focus()
    await page.keyboard.press("ArrowRight")
    await page.get_by_label("Type the full name as signature").fill("Grace Keratin")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(f"{title}, version 1")).to_be_visible()
