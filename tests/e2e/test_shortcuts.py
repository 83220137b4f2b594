"""The ways of the keyboard, in real browsers: listed for who asks, and leading where they say."""

import secrets

import pytest
from playwright.async_api import expect

from dermfolio.ops.api_client import Api

from .screen import Screen

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("e2e"), pytest.mark.timeout(600)]


@pytest.mark.req("POOL-1", "ENT-1")
async def test_g_leads_to_places_and_a_question_mark_lists_all_keys(screen: Screen, api: Api) -> None:
    patient = (await api.create_patient(f"e2e-{secrets.token_hex(4)}")).id
    page = screen.page
    await screen.go(f"/patients/{patient}/details")
    await expect(page.get_by_role("link", name="Merge a duplicate")).to_be_visible()
    listed = page.get_by_role("dialog", name="Keyboard shortcuts")
    while not await listed.is_visible():  # what hears of keys comes after the page
        await page.keyboard.press("?")
        await page.wait_for_timeout(200)
    await expect(listed).to_contain_text("Rotate clockwise")
    assert await screen.violations() == []
    await page.keyboard.press("g")
    await page.keyboard.press("i")
    await expect(page).to_have_url(f"{api.base_url}/patients/{patient}/details")  # not while a dialog is open
    await page.keyboard.press("Escape")
    await expect(listed).to_have_count(0)
    for key, place in (("i", "pool"), ("e", "entries")):
        await page.keyboard.press("g")
        await page.keyboard.press(key)
        await expect(page).to_have_url(f"{api.base_url}/patients/{patient}/{place}")
    await page.keyboard.press("g")
    await page.keyboard.press("p")
    await expect(page).to_have_url(f"{api.base_url}/patients")
    await page.keyboard.press("/")
    await page.keyboard.type("g?p")
    await expect(listed).to_have_count(0)
