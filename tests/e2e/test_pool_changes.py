"""What is changed of a photograph in its viewer and among its properties, and taken away with others, in browsers."""

import zipfile

import pytest
import pytest_asyncio
from playwright.async_api import expect

from dermfolio.ops.api_client import Api

from .conftest import NewScreen, System
from .screen import Screen
from .test_pool_grid import Series, at_pool, card, colleague, photographed, select, tile

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("e2e"), pytest.mark.timeout(600)]


@pytest_asyncio.fixture(loop_scope="session")
async def series(api: Api) -> Series:
    return await photographed(api, 3)


@pytest.mark.req("POOL-13", "POOL-16")
async def test_a_photograph_that_is_turned_stands_so_in_every_browser(
    system: System, series: Series, screen: Screen, new_screen: NewScreen, api: Api
) -> None:
    there = await at_pool(await colleague(system, new_screen), series)
    page = await at_pool(screen, series)
    turned = series.images[0]
    picture = tile(there, turned).locator("img")
    await expect(picture).to_have_attribute(
        "src", f"/api/v1/patients/{series.patient.id}/images/{turned}/renditions/320?revision=1"
    )
    await card(page, turned).focus()
    for _ in range(3):
        await page.keyboard.press("r")
    await expect(picture).not_to_have_attribute(
        "src", f"/api/v1/patients/{series.patient.id}/images/{turned}/renditions/320?revision=1", timeout=60_000
    )
    await expect(tile(page, turned).locator("[data-rotating]")).to_have_count(0, timeout=60_000)
    image = await api.get_image(series.patient.id, turned)
    assert (image.rotation, image.rotating, image.width, image.height) == (270, False, 450, 600)
    await page.keyboard.press("Space")
    viewer = page.get_by_role("dialog", name="Photograph viewer")
    await viewer.get_by_role("button", name="Rotate 90° clockwise").click()
    await expect(
        viewer.get_by_role("button", name="Rotate 90° clockwise").locator(".mantine-Loader-root")
    ).to_have_count(0, timeout=60_000)
    assert await screen.violations() == []
    assert (await api.get_image(series.patient.id, turned)).rotation == 0


@pytest.mark.req("POOL-12", "POOL-11", "POOL-5")
async def test_its_caption_and_its_date_are_changed_among_its_properties(
    system: System, series: Series, screen: Screen, new_screen: NewScreen
) -> None:
    there = await at_pool(await colleague(system, new_screen), series)
    page = await at_pool(screen, series)
    image = series.images[0]
    await tile(page, image).hover()
    await tile(page, image).get_by_role("button", name="Properties of").click()
    panel = page.get_by_role("dialog", name="Image Properties")
    await panel.get_by_role("button", name="Add a caption").click()
    await page.keyboard.insert_text("Left forearm")
    await expect(tile(there, image)).to_contain_text("Left forearm", timeout=30_000)
    await page.keyboard.press("Escape")  # ends the typing alone
    await panel.get_by_role("button", name="Set date…").click()
    await page.get_by_label("Date", exact=True).fill("2025-03-12")
    assert await screen.violations() == []
    await page.get_by_role("button", name="Set date", exact=True).click()
    await expect(there.get_by_role("heading", name="Wednesday, March 12, 2025")).to_be_visible(timeout=30_000)
    await expect(panel).to_contain_text("Mar 12, 2025")


@pytest.mark.req("POOL-15", "POOL-14")
async def test_selected_photographs_are_taken_away_as_one_archive(series: Series, screen: Screen, api: Api) -> None:
    page = await at_pool(screen, series)
    first, _, last = series.images
    await select(page, first, last)
    async with page.expect_download() as awaited:
        await page.get_by_role("button", name="Download (ZIP)").click()
    download = await awaited.value
    assert download.suggested_filename.endswith(".zip")
    with zipfile.ZipFile(await download.path()) as archive:
        held = [archive.read(name) for name in archive.namelist()]
    assert held == [await api.get_original(series.patient.id, image) for image in (first, last)]
