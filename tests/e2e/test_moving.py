"""A photograph of the wrong patient: moved to the right one, while somebody else looks on."""

import re
import secrets
from uuid import UUID, uuid4

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
    return await api.create_patient(f"e2e-{secrets.token_hex(4)}", last_name=name, date_of_birth="1961-04-12")


async def uploaded(api: Api, patient: PatientView) -> UUID:
    image = uuid4()
    await api.put_image(patient.id, image, photograph(uuid4()).data, file_name="arm.jpg")
    return image


async def test_a_photograph_goes_to_the_right_patient_while_somebody_else_looks_at_either(
    screen: Screen, new_screen: NewScreen, api: Api
) -> None:
    wrong, right = await recorded(api, "Zinnober"), await recorded(api, "Indigo")
    image = await uploaded(api, wrong)
    leaves, arrives = await new_screen(), await new_screen()
    await leaves.go(f"/patients/{wrong.id}/pool")
    await arrives.go(f"/patients/{right.id}/pool")
    await expect(leaves.page.locator("[data-tile][data-state=ready]")).to_have_count(1)
    for other in (leaves, arrives):
        await expect(other.page.locator("[data-connection=live]")).to_be_attached()

    page = screen.page
    await screen.go(f"/patients/{wrong.id}/pool")
    await page.get_by_role("button", name="Properties of").click()
    await page.get_by_role("button", name="Move to another patient").click()
    dialog = page.get_by_role("dialog", name="Move to another patient")
    field = dialog.get_by_role("textbox", name="Unique ID of the other patient")
    await expect(field).to_be_focused()
    await field.fill(f"nobody-{secrets.token_hex(4)}")
    await field.press("Enter")
    await expect(dialog.get_by_text("There is no patient with this unique ID")).to_be_visible()
    await field.fill(wrong.unique_id)
    await field.press("Enter")
    await expect(dialog.get_by_text("belongs to this patient already")).to_be_visible()
    await expect(dialog.get_by_role("button", name=f"Move to {wrong.unique_id}")).to_be_disabled()
    await field.fill(right.unique_id.upper())
    await dialog.get_by_role("button", name="Show patient").click()
    await expect(dialog.get_by_text("Indigo")).to_be_visible()
    await expect(dialog.get_by_text("1961")).to_be_visible()
    assert await screen.violations() == []
    assert right.unique_id not in page.url
    await dialog.get_by_role("button", name=f"Move to {right.unique_id}").click()
    await expect(page.get_by_text(re.compile(f"The photograph is {right.unique_id}.s now"))).to_be_visible()

    for other in (screen, leaves):
        await expect(other.page.locator("[data-tile]")).to_have_count(0)
    await expect(arrives.page.locator("[data-tile][data-state=ready]")).to_have_count(1)
    await expect(arrives.page.locator(f"[data-open='{image}']")).to_be_attached()
    await page.get_by_role("link", name=re.compile("To that patient.s image pool")).click()
    await expect(page).to_have_url(f"{screen.url}/patients/{right.id}/pool")
    await expect(page.get_by_role("group", name="Patient")).to_contain_text("Indigo")
    await expect(page.locator("[data-tile][data-state=ready]")).to_have_count(1)
    await leaves.go(f"/patients/{wrong.id}/pool/{image}")
    await expect(leaves.page.get_by_role("button", name="Back to the image pool")).to_be_visible()
    counts = [(await api.get_patient(patient.id)).image_count for patient in (wrong, right)]
    assert counts == [0, 1]


async def test_a_photograph_in_a_workspace_leads_to_the_entry_first(screen: Screen, api: Api) -> None:
    patient = await recorded(api, "Ocker")
    image = await uploaded(api, patient)
    entry = await api.create_entry(patient.id)
    page = screen.page
    await screen.go(f"/patients/{patient.id}/pool")
    await expect(page.locator("[data-tile][data-state=ready]")).to_have_count(1)
    await api.change_workspace(patient.id, entry.id, add=[image])
    await page.get_by_role("button", name="Properties of").click()
    await page.get_by_role("button", name="Move to another patient").click()
    dialog = page.get_by_role("dialog", name="Move to another patient")
    await expect(dialog.get_by_text("The workspace of an entry holds this photograph")).to_be_visible()
    assert await screen.violations() == []
    await dialog.get_by_role("link", name="Open the entry").click()
    await expect(page).to_have_url(f"{screen.url}/patients/{patient.id}/entries/{entry.id}")
