"""A patient's details, changed by one and by two."""

import secrets

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

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
    pytest.mark.req("PAT-6"),
]


@pytest_asyncio.fixture(loop_scope="session")
async def patient(api: Api) -> PatientView:
    return await api.create_patient(f"e2e-{secrets.token_hex(4)}", last_name="Zinnober", notes="Juckreiz")


async def opened(screen: Screen, patient: PatientView) -> Page:
    await screen.go(f"/patients/{patient.id}/details")
    await expect(screen.page.get_by_role("heading", name="Details")).to_be_visible()
    await expect(screen.page.locator("[data-connection=live]")).to_be_attached()
    return screen.page


async def test_changes_are_counted_marked_taken_back_one_by_one_and_kept_when_one_says_so(
    screen: Screen, api: Api, patient: PatientView
) -> None:
    page = await opened(screen, patient)
    await expect(page.get_by_text("No unsaved changes")).to_be_visible()
    await page.get_by_role("textbox", name="First name").fill("Walburga")
    await page.get_by_role("textbox", name="Last name").fill("Zinnoberrot")
    await page.get_by_role("textbox", name="Notes").fill("")
    await expect(page.get_by_text("3 unsaved changes")).to_be_visible()
    await expect(page.get_by_text("Before: Zinnober")).to_be_visible()
    assert await screen.violations() == []
    await page.get_by_role("button", name="Undo: Last name").click()
    await expect(page.get_by_role("textbox", name="Last name")).to_have_value("Zinnober")
    await expect(page.get_by_text("2 unsaved changes")).to_be_visible()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("The details are saved.")).to_be_visible()
    await expect(page.get_by_role("group", name="Patient")).to_contain_text("Walburga Zinnober")
    kept = await api.get_patient(patient.id)
    assert (kept.first_name, kept.last_name, kept.notes) == ("Walburga", "Zinnober", None)
    await page.get_by_role("textbox", name="Gender").fill("woman")
    await page.get_by_role("button", name="Discard").click()
    await expect(page.get_by_role("textbox", name="Gender")).to_have_value("")
    await expect(page.get_by_text("No unsaved changes")).to_be_visible()


async def test_what_is_not_saved_is_not_lost_by_leaving_unasked(screen: Screen, patient: PatientView) -> None:
    page = await opened(screen, patient)
    await page.get_by_role("textbox", name="First name").fill("Walburga")
    await page.get_by_role("link", name="Image Pool").first.click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("1 change is not saved and would be lost.")
    assert await screen.violations() == []
    await dialog.get_by_role("button", name="Stay here").click()
    await expect(page.get_by_role("textbox", name="First name")).to_have_value("Walburga")
    await page.get_by_role("link", name="Image Pool").first.click()
    await dialog.get_by_role("button", name="Leave and discard").click()
    await expect(page).to_have_url(f"{screen.url}/patients/{patient.id}/pool")


async def test_of_two_each_sees_what_the_other_saved_and_nothing_is_overwritten_unseen(
    screen: Screen, new_screen: NewScreen, api: Api, patient: PatientView
) -> None:
    mine, other = await opened(screen, patient), await opened(await new_screen(), patient)
    await mine.get_by_role("textbox", name="Notes").fill("Juckreiz seit Mai")
    await mine.get_by_role("textbox", name="Gender").fill("woman")
    await other.get_by_role("textbox", name="First name").fill("Walburga")
    await other.get_by_role("textbox", name="Notes").fill("Kein Juckreiz")
    await other.get_by_role("button", name="Save").click()
    await expect(mine.get_by_role("textbox", name="First name")).to_have_value("Walburga")
    await expect(mine.get_by_text("Somebody else changed this meanwhile to: Kein Juckreiz")).to_be_visible()
    await expect(mine.get_by_role("textbox", name="Notes")).to_have_value("Juckreiz seit Mai")
    await expect(mine.get_by_text("2 unsaved changes")).to_be_visible()
    assert await screen.violations() == []
    await mine.get_by_role("button", name="Undo: Notes").click()
    await mine.get_by_role("button", name="Save").click()
    await expect(other.get_by_role("textbox", name="Gender")).to_have_value("woman")
    kept = await api.get_patient(patient.id)
    assert (kept.first_name, kept.notes, kept.gender) == ("Walburga", "Kein Juckreiz", "woman")


async def test_a_change_that_comes_too_late_is_kept_on_the_page_and_saved_once_more(
    screen: Screen, api: Api, patient: PatientView
) -> None:
    page = await opened(screen, patient)
    # this page hears nothing of what others do
    await page.route_web_socket("**/ws", lambda _: None)
    await page.reload()
    await page.get_by_role("textbox", name="First name").fill("Walburga")
    await api.change_patient(patient.id, patient.version, last_name="Karmin")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Somebody else changed this meanwhile")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Last name")).to_have_value("Karmin")
    await expect(page.get_by_role("textbox", name="First name")).to_have_value("Walburga")
    assert await screen.violations() == []
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("The details are saved.")).to_be_visible()
    kept = await api.get_patient(patient.id)
    assert (kept.first_name, kept.last_name) == ("Walburga", "Karmin")


async def test_a_taken_unique_id_is_refused_beside_its_field(screen: Screen, api: Api, patient: PatientView) -> None:
    taken = await api.create_patient(f"e2e-{secrets.token_hex(4)}")
    page = await opened(screen, patient)
    await page.get_by_role("textbox", name="Unique ID").fill(taken.unique_id)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("textbox", name="Unique ID")).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_role("link", name="Open the existing record")).to_have_attribute(
        "href", f"/patients/{taken.id}/details"
    )
    assert (await api.get_patient(patient.id)).unique_id == patient.unique_id


@pytest.mark.req("ORG-1")
async def test_a_viewer_reads_and_changes_nothing(system: System, new_screen: NewScreen, patient: PatientView) -> None:
    screen = await new_screen(signed_in=False)
    await screen.sign_in(await engage(system, Role.VIEWER), system.password or "")
    page = await opened(screen, patient)
    await expect(page.get_by_text("Your role does not allow changing the details")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Last name")).to_have_value("Zinnober")
    await expect(page.get_by_role("textbox", name="Last name")).not_to_be_editable()
    await expect(page.get_by_role("button", name="Save")).to_have_count(0)
    assert await screen.violations() == []
