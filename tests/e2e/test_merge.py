"""Two records of one person: merged, seen by somebody else meanwhile, and apart again."""

import secrets
from uuid import uuid4

import pytest
from playwright.async_api import expect

from dermfolio.contracts.views.patients import PatientView
from dermfolio.ops.api_client import Api
from tests.integration.photographs import photograph

from .conftest import NewScreen
from .screen import Screen

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("e2e"),
    pytest.mark.timeout(300),
    pytest.mark.req("PAT-7"),
]


async def recorded(api: Api, name: str) -> PatientView:
    """A patient with a photograph."""
    patient = await api.create_patient(f"e2e-{secrets.token_hex(4)}", last_name=name)
    await api.put_image(patient.id, uuid4(), photograph(uuid4()).data, file_name="arm.jpg")
    return patient


async def test_a_duplicate_is_compared_merged_and_taken_back_while_somebody_else_looks_on(
    screen: Screen, new_screen: NewScreen, api: Api
) -> None:
    survivor, double = await recorded(api, "Zinnober"), await recorded(api, "Zinober")
    other = await new_screen()
    await other.go(f"/patients/{survivor.id}/pool")
    await expect(other.page.locator("[data-tile][data-state=ready]")).to_have_count(1)
    await expect(other.page.locator("[data-connection=live]")).to_be_attached()

    page = screen.page
    await screen.go(f"/patients/{survivor.id}/details")
    await expect(page.get_by_text("No record is merged into this one.")).to_be_visible()
    await page.get_by_role("link", name="Merge a duplicate").click()
    await page.get_by_role("textbox", name="Unique ID of the duplicate").fill(survivor.unique_id)
    await page.get_by_role("button", name="Compare").click()
    await expect(page.get_by_text("This is the unique ID of this record itself.")).to_be_visible()
    await page.get_by_role("textbox", name="Unique ID of the duplicate").fill(double.unique_id.upper())
    await page.get_by_role("button", name="Compare").click()
    await expect(page.get_by_role("row", name="Last name Zinnober Zinober")).to_be_visible()
    await expect(page.get_by_text("No site will see more than it does now.")).to_be_visible()
    assert await screen.violations() == []
    assert double.unique_id not in page.url
    await expect(page.get_by_role("button", name="Merge", exact=True)).to_be_disabled()
    await page.get_by_role("checkbox", name="I have compared both").check()
    await page.get_by_role("button", name="Merge", exact=True).click()
    await expect(page.get_by_text(f"{double.unique_id} is merged into this record.")).to_be_visible()
    await expect(page.get_by_role("group", name="Patient")).to_contain_text("1 duplicate merged")
    assert await screen.violations() == []

    await expect(other.page.locator("[data-tile][data-state=ready]")).to_have_count(2)
    await expect(other.page.get_by_role("group", name="Patient")).to_contain_text("1 duplicate merged")
    await other.go(f"/patients/{double.id}/pool")
    await expect(other.page).to_have_url(f"{other.url}/patients/{survivor.id}/pool")
    await expect(other.page.locator("[data-tile][data-state=ready]")).to_have_count(2)
    assert (await api.get_patient(survivor.id)).image_count == 2

    await page.get_by_role("button", name="Take back").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text(f"{double.unique_id} is a record of its own again")
    await dialog.get_by_role("button", name="Take back").click()
    await expect(page.get_by_text("No record is merged into this one.")).to_be_visible()
    await expect(other.page.locator("[data-tile][data-state=ready]")).to_have_count(1)
    await other.go(f"/patients/{double.id}/pool")
    await expect(other.page.get_by_role("group", name="Patient")).to_contain_text("Zinober")
    await expect(other.page.locator("[data-tile][data-state=ready]")).to_have_count(1)


async def test_a_photograph_uploaded_to_either_record_reaches_who_looks_at_the_survivor(
    screen: Screen, api: Api
) -> None:
    survivor, double = await recorded(api, "Zinnober"), await recorded(api, "Zinober")
    seen = await api.preview_merge(survivor.id, double.unique_id)
    await api.merge_patient(survivor.id, double.id, seen.version)
    await screen.go(f"/patients/{survivor.id}/pool")
    tiles = screen.page.locator("[data-tile][data-state=ready]")
    await expect(tiles).to_have_count(2)
    await api.put_image(survivor.id, uuid4(), photograph(uuid4()).data, file_name="leg.jpg")
    await expect(tiles).to_have_count(3)
    await tiles.first.click()
    await expect(screen.page.get_by_role("dialog")).to_be_visible()
