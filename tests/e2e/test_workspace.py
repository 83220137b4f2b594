"""The workspace of an entry in real browsers: chosen from the pool inside the entry, shown as the pool is."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, Route, expect

from dermfolio.contracts.roles import Role
from dermfolio.ops.api_client import Api
from dermfolio.ops.photographs import photograph
from dermfolio.ops.photographs.scenes import Scene

from .conftest import NewScreen, System
from .screen import Screen
from .test_pool_grid import PHONE, SMALL, Series, at_pool, card, colleague, expect_order, photographed, select, tile

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("e2e"), pytest.mark.timeout(600)]

EMPTY = "Curate your analysis set"
SAVED = "All changes saved"
WHEN = "Mar 12, 2026"


@dataclass
class Visit:
    """An entry, and the photographs of its patient; the newest is first."""

    series: Series
    entry: UUID

    @property
    def images(self) -> list[UUID]:
        return self.series.images

    @property
    def path(self) -> str:
        return f"/patients/{self.series.patient.id}/entries/{self.entry}"


@pytest_asyncio.fixture(loop_scope="session")
async def visit(api: Api) -> Visit:
    series = await photographed(api, 4)
    entry = await api.create_entry(series.patient.id, appointment="2026-03-12T09:30:00Z")
    return Visit(series, entry.id)


async def at_entry(screen: Screen, visit: Visit) -> Page:
    await screen.go(visit.path)
    await expect(screen.page.get_by_role("heading", name=re.compile("^Workspace [0-9]"))).to_be_visible()
    await expect(screen.page.locator("[data-connection=live]")).to_be_attached()
    return screen.page


async def at_entrys_pool(screen: Screen, visit: Visit) -> Page:
    await screen.go(f"{visit.path}/pool")
    await expect(screen.page.locator("[data-tile][data-state=ready]")).to_have_count(len(visit.images))
    await expect(screen.page.locator("[data-connection=live]")).to_be_attached()
    return screen.page


def marks(where: Page | Locator) -> Locator:
    """Of photographs which are in the workspace."""
    return where.get_by_role("img", name="In the workspace")


async def expect_count(page: Page, count: int) -> None:
    await expect(page.get_by_role("status").filter(has_text=f"{count} in the workspace")).to_be_visible()


async def hold(api: Api, visit: Visit, *images: UUID) -> None:
    await api.change_workspace(visit.series.patient.id, visit.entry, add=images)


@pytest.mark.req("WRK-1", "POOL-1", "POOL-5", "POOL-16")
async def test_photographs_come_and_go_by_a_click_on_their_cards_and_a_colleague_sees_it(
    system: System, visit: Visit, screen: Screen, new_screen: NewScreen
) -> None:
    there = await at_entry(await colleague(system, new_screen), visit)
    await expect(there.get_by_role("heading", name=EMPTY, exact=True)).to_be_visible()
    page = await at_entry(screen, visit)
    assert await screen.violations() == []
    await page.get_by_role("link", name="Add photographs").click()
    await expect(page).to_have_url(f"{screen.url}{visit.path}/pool")
    await expect(page).to_have_title("Image Pool · Dermfolio")
    await expect(page.get_by_role("link", name=f"Entry of {WHEN}")).to_be_visible()
    await expect_count(page, 0)
    first, second = visit.images[:2]
    for image in (first, second):
        await tile(page, image).hover()
        await tile(page, image).get_by_role("button", name="Add the photograph of").click()
        await expect(marks(tile(page, image))).to_be_visible()
    await expect_count(page, 2)
    await expect_order(there, [first, second])
    await expect(there.get_by_role("button", name="Workspace 2")).to_be_visible()
    assert await screen.violations() == []

    await tile(page, first).hover()
    await tile(page, first).get_by_role("button", name="Remove the photograph of").click()
    await expect_order(there, [second])
    await expect(tile(page, first).get_by_role("button", name="Add the photograph of")).to_be_focused()
    await page.get_by_role("alert").get_by_role("button", name="Undo").click()
    await expect_order(there, [first, second])
    await expect(marks(page)).to_have_count(2)
    await expect(page.get_by_role("status", name=SAVED)).to_be_visible()

    await page.get_by_role("link", name=f"Entry of {WHEN}").click()
    await expect_order(page, [first, second])
    await page.get_by_role("link", name="All entries").click()
    await expect(page.locator("[data-photographs='2'] img")).to_have_count(2)


@pytest.mark.req("WRK-1", "POOL-15")
async def test_they_are_chosen_by_a_key_and_many_together(
    system: System, visit: Visit, new_screen: NewScreen, api: Api
) -> None:
    screen = await colleague(system, new_screen)
    page = await at_entrys_pool(screen, visit)
    await card(page, visit.images[0]).focus()
    await page.keyboard.press("w")
    await expect_count(page, 1)
    await page.get_by_role("button", name="Select all of").click()
    bar = page.get_by_role("region", name="Selection")
    await bar.get_by_role("button", name="Add to workspace").click()
    await expect_count(page, 4)
    await expect(bar.get_by_role("button", name="Remove from workspace")).to_be_focused()
    assert await screen.violations() == []
    told = page.get_by_role("alert").filter(has_text="3 photographs added")
    await told.get_by_role("button", name="Undo").click()
    await expect(told).to_have_count(0)
    await expect_count(page, 1)
    await page.keyboard.press("w")
    await expect_count(page, 4)
    await page.keyboard.press("w")
    await expect_count(page, 0)
    await expect(page.get_by_role("status", name=SAVED)).to_be_visible()
    pool = await api.whole_pool(visit.series.patient.id)
    assert [image.entries for image in pool] == [[], [], [], []]


@pytest.mark.req("WRK-2", "WRK-1", "POOL-7")
async def test_a_workspace_is_grouped_sized_and_sorted_as_the_pool_is(
    system: System, visit: Visit, new_screen: NewScreen, api: Api
) -> None:
    newest, _, _, oldest = visit.images
    await api.date_images(visit.series.patient.id, {oldest: datetime(2025, 3, 12, 9, tzinfo=UTC)})
    await hold(api, visit, newest, oldest)
    screen = await colleague(system, new_screen)
    page = await at_entry(screen, visit)
    section = page.get_by_role("region", name=re.compile("^Workspace"))
    headers = section.get_by_role("heading", level=3)
    await expect(headers).to_have_count(2)
    await expect(headers.last).to_have_text("Wednesday, March 12, 20251")
    await expect_order(page, [newest, oldest])
    await page.get_by_text("Oldest first", exact=True).click()
    await expect_order(page, [oldest, newest])
    await page.get_by_text("Large", exact=True).click()
    await expect(tile(page, oldest)).to_have_attribute("data-size", "large")
    await page.get_by_role("button", name="Collapse All").click()
    await expect(page.locator("[data-open]")).to_have_count(0)
    await page.get_by_role("button", name="Expand All").click()
    await expect_order(page, [oldest, newest])
    assert await screen.violations() == []
    await expect(page.get_by_role("status", name=SAVED)).to_be_visible()
    page = await at_pool(screen, visit.series)
    await expect(tile(page, newest)).to_have_attribute("data-size", "large")


@pytest.mark.req("WRK-1")
async def test_the_focus_goes_on_when_photographs_leave_the_entry(
    system: System, visit: Visit, new_screen: NewScreen, api: Api
) -> None:
    await hold(api, visit, *visit.images)
    screen = await colleague(system, new_screen)
    page = await at_entry(screen, visit)
    a, b, c, d = visit.images
    await card(page, b).focus()
    await page.keyboard.press("w")
    await expect(card(page, c)).to_be_focused()
    await page.keyboard.press("End")
    await expect(card(page, d)).to_be_focused()
    await page.keyboard.press("w")
    await expect(card(page, c)).to_be_focused()
    await tile(page, a).hover()
    await tile(page, a).get_by_role("button", name="Remove the photograph of").click()
    await expect(card(page, c)).to_be_focused()
    await page.keyboard.press("w")
    await expect(page.get_by_role("heading", name=EMPTY, exact=True)).to_be_visible()
    await expect(page.locator(":focus").get_by_role("heading", name=EMPTY)).to_be_visible()
    await expect(page.get_by_role("button", name="Workspace 0")).to_be_visible()


@pytest.mark.req("WRK-1")
async def test_the_viewer_walks_through_the_workspace_alone(visit: Visit, screen: Screen, api: Api) -> None:
    first, _, third, _ = visit.images
    await hold(api, visit, first, third)
    page = await at_entry(screen, visit)
    await card(page, first).click()
    viewer = page.get_by_role("dialog", name="Photograph viewer")
    await expect(viewer).to_contain_text("1 of 2")
    await page.keyboard.press("ArrowRight")
    await expect(viewer).to_contain_text("2 of 2")
    await expect(page).to_have_url(f"{screen.url}{visit.path}/{third}")
    await page.keyboard.press("Escape")
    await expect(page).to_have_url(f"{screen.url}{visit.path}")
    await expect(card(page, third)).to_be_focused()
    page = await at_entrys_pool(screen, visit)
    await card(page, visit.images[1]).click()
    await expect(viewer).to_contain_text("2 of 4")
    await page.keyboard.press("w")
    await expect(viewer.get_by_role("button", name="Remove from workspace")).to_be_visible()
    await expect(marks(page)).to_have_count(3)
    assert await screen.violations() == []
    await page.keyboard.press("Escape")
    await expect(card(page, visit.images[1])).to_be_focused()


@pytest.mark.req("POOL-15", "WRK-1")
async def test_from_the_patients_pool_one_chooses_the_entry(
    system: System, visit: Visit, new_screen: NewScreen, api: Api
) -> None:
    await api.create_entry(visit.series.patient.id, appointment="2026-04-01T09:30:00Z")
    await hold(api, visit, visit.images[0])
    screen = await colleague(system, new_screen)
    page = await at_pool(screen, visit.series)
    await select(page, *visit.images[:3])
    await page.get_by_role("button", name="Add to workspace…").click()
    dialog = page.get_by_role("dialog", name="Add 3 photographs to an entry")
    await expect(dialog.get_by_role("listitem")).to_have_count(2)
    assert await screen.violations() == []
    await dialog.get_by_role("button", name=WHEN).click()
    await expect(dialog).to_have_count(0)
    told = page.get_by_role("alert").filter(has_text=f"added to the entry of {WHEN}")
    await expect(page.get_by_role("status", name=SAVED)).to_be_visible()
    held = [image.id for image in await api.whole_pool(visit.series.patient.id) if visit.entry in image.entries]
    assert held == visit.images[:3]
    await told.get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("alert").filter(has_text="as it was")).to_be_visible()
    await expect(told).to_have_count(0)
    await page.keyboard.press("w")
    await expect(dialog.get_by_role("button", name=WHEN)).to_contain_text("1 in the workspace")


@pytest.mark.req("POOL-12", "WRK-1")
async def test_the_properties_of_a_photograph_lead_to_the_entries_that_use_it(
    visit: Visit, screen: Screen, api: Api
) -> None:
    await hold(api, visit, visit.images[0])
    page = await at_pool(screen, visit.series)
    await tile(page, visit.images[0]).hover()
    await tile(page, visit.images[0]).get_by_role("button", name="Properties of").click()
    panel = page.get_by_role("dialog", name="Image Properties")
    link = panel.get_by_role("link", name=f"Entry of {WHEN}")
    await expect(link).to_be_visible()
    assert await screen.violations() == []
    await link.click()
    await expect(page).to_have_url(f"{screen.url}{visit.path}")
    await expect_order(page, visit.images[:1])


@pytest.mark.req("POOL-1", "POOL-2", "WRK-1")
async def test_what_is_uploaded_inside_an_entry_is_in_the_pool_and_chosen_like_the_rest(
    visit: Visit, screen: Screen, tmp_path: Path
) -> None:
    page = await at_entrys_pool(screen, visit)
    file = tmp_path / "IMG_0100.JPG"
    file.write_bytes(photograph(Scene("II", "mole", 40, 0.1), SMALL, seed=100))
    await screen.drop_files("#main h1", file)
    await expect(page.locator("[data-tile][data-state=ready]")).to_have_count(len(visit.images) + 1)
    await expect_count(page, 0)
    await page.locator("[data-open]").first.focus()
    await page.keyboard.press("w")
    await expect_count(page, 1)


@pytest.mark.req("WRK-1", "ENT-3")
async def test_what_is_chosen_without_a_network_waits_and_what_is_refused_is_taken_back(
    system: System, visit: Visit, new_screen: NewScreen, api: Api
) -> None:
    screen = await colleague(system, new_screen)
    page = await at_entrys_pool(screen, visit)
    await card(page, visit.images[0]).focus()
    await screen.context.set_offline(True)
    await page.keyboard.press("w")
    await expect_count(page, 1)
    await expect(page.get_by_role("status", name="Offline — 1 change pending")).to_be_visible()
    await screen.context.set_offline(False)
    await expect(page.get_by_role("status", name=SAVED)).to_be_visible()
    assert visit.entry in (await api.get_image(visit.series.patient.id, visit.images[0])).entries

    async def refuse(route: Route) -> None:
        problem = {"type": "workspace_full", "code": "workspace_full", "title": "Full", "detail": "It is full."}
        await route.fulfill(status=409, content_type="application/problem+json", body=json.dumps(problem))

    await page.route("**/workspace", refuse)
    await page.get_by_role("button", name="Select all of").click()
    await page.keyboard.press("w")
    await expect(page.get_by_role("alert").filter(has_text="It is full.")).to_be_visible()
    await expect(page.get_by_role("alert")).to_have_count(1)
    await expect_count(page, 1)


@pytest.mark.req("WRK-1", "POOL-5")
async def test_by_touch_everything_is_there_and_who_may_only_look_is_offered_no_change(
    system: System, visit: Visit, new_screen: NewScreen, api: Api
) -> None:
    await hold(api, visit, visit.images[0])
    touched = await colleague(system, new_screen, **PHONE)
    page = await at_entrys_pool(touched, visit)
    await tile(page, visit.images[1]).get_by_role("button", name="Add the photograph of").tap()
    await expect(marks(page)).to_have_count(2)
    assert await touched.violations() == []
    page = await at_entry(touched, visit)
    await tile(page, visit.images[1]).get_by_role("button", name="Remove the photograph of").tap()
    await expect_order(page, visit.images[:1])

    viewer = await colleague(system, new_screen, Role.VIEWER)
    page = await at_entrys_pool(viewer, visit)
    await expect(marks(page)).to_have_count(1)
    await select(page, visit.images[1])
    await expect(page.get_by_role("button", name="workspace")).to_have_count(0)
    await card(page, visit.images[1]).focus()
    await page.keyboard.press("w")
    await expect_count(page, 1)
