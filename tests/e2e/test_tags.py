"""Tags in real browsers: made, ordered and retired by administrators, given by those who work on the record."""

import secrets
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from dermfolio.common.testing import eventually
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.images import ImageState
from dermfolio.contracts.views.patients import PatientView
from dermfolio.ops.api_client import Api
from dermfolio.ops.photographs import photograph
from dermfolio.ops.photographs.camera import Shot
from dermfolio.ops.photographs.scenes import Scene

from .colleagues import engage
from .conftest import NewScreen, System
from .screen import Screen

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("e2e"), pytest.mark.timeout(300)]

INERT = '<img src=x onerror="window.ran=1">'


@dataclass
class Ward:
    """A patient with a ready photograph, and a category with two tags."""

    patient: PatientView
    image: UUID
    category: str
    first: str
    second: str


@pytest_asyncio.fixture(loop_scope="session")
async def ward(api: Api) -> Ward:
    patient, image = await api.create_patient(f"e2e-{secrets.token_hex(4)}", last_name="Zinnober"), uuid4()
    jpeg = photograph(Scene("II", "mole", 40, 0.1), Shot(1200, 900, "2026:03:02 09:14:51"), seed=3)
    await api.put_image(patient.id, image, jpeg, file_name="IMG_0001.JPG")
    mark = secrets.token_hex(3)
    category = await api.create_tag_category(f"Diagnosis {mark}", "purple")
    first, second = [(await api.create_tag(category.id, f"{name} {mark}")).name for name in ("Naevus", "Lentigo")]

    async def ready() -> bool:
        return (await api.get_image(patient.id, image)).state is ImageState.READY

    await eventually(ready, seconds=60)
    return Ward(patient, image, category.name, first, second)


async def clinician(system: System, new_screen: NewScreen, ward: Ward) -> Screen:
    screen = await new_screen(signed_in=False)
    await screen.sign_in(await engage(system, Role.CLINICIAN), system.password or "")
    await screen.go(f"/patients/{ward.patient.id}/pool")
    await expect(screen.page.locator("[data-connection=live]")).to_be_attached()
    return screen


def in_banner(page: Page) -> Locator:
    return page.get_by_role("group", name="Patient").get_by_role("button", name="Tags of the patient")


def option(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog").get_by_role("button", name=name)


async def options(page: Page, name: str, item: str) -> None:
    """Choose what can be done with a category or a tag."""
    await page.get_by_role("button", name=f"Options of {name}").click()
    await page.get_by_role("menuitem", name=item).click()


@pytest.mark.req("TAG-1")
@pytest.mark.req("TAG-2")
async def test_what_one_gives_and_another_renames_and_retires_is_seen_by_both_at_once(
    system: System, screen: Screen, new_screen: NewScreen, ward: Ward
) -> None:
    there = await clinician(system, new_screen, ward)
    page = there.page
    await in_banner(page).click()
    await expect(page.get_by_role("dialog").get_by_role("group", name=ward.category)).to_be_visible()
    await option(page, ward.first).click()
    await expect(page.get_by_role("dialog").get_by_role("status")).to_have_text("All changes saved")
    await expect(option(page, ward.first)).to_have_attribute("aria-pressed", "true")
    assert await there.violations() == []

    await screen.go(f"/patients/{ward.patient.id}/pool")
    await expect(in_banner(screen.page)).to_contain_text(ward.first)
    await screen.go("/administration/tags")
    await options(screen.page, ward.first, "Rename")
    await screen.page.get_by_label("Name", exact=True).fill(f"Junctional {ward.first}")
    await expect(screen.page.locator("form").get_by_text(f"Junctional {ward.first}")).to_be_visible()
    await screen.page.get_by_role("button", name="Save", exact=True).click()
    await expect(option(page, f"Junctional {ward.first}")).to_have_attribute("aria-pressed", "true")

    await options(screen.page, f"Junctional {ward.first}", "Retire")
    await expect(option(page, f"Junctional {ward.first}")).to_contain_text("(retired)")
    await option(page, f"Junctional {ward.first}").click()
    await expect(option(page, f"Junctional {ward.first}")).to_have_count(0)
    await expect(option(page, ward.second)).to_be_visible()
    assert await screen.violations() == []


@pytest.mark.req("TAG-2")
async def test_a_photographs_tag_is_the_patients_too_until_it_goes(
    system: System, screen: Screen, new_screen: NewScreen, ward: Ward
) -> None:
    there = await clinician(system, new_screen, ward)
    await in_banner(there.page).click()
    await expect(option(there.page, ward.first)).to_have_attribute("aria-pressed", "false")

    page = screen.page
    await screen.go(f"/patients/{ward.patient.id}/pool")
    await page.locator("[data-tile][data-state=ready]").hover()
    await page.get_by_role("button", name="Properties of").click()
    await page.get_by_role("button", name="Edit tags").click()
    await option(page, ward.first).click()
    await expect(page.get_by_role("dialog").get_by_role("status")).to_have_text("All changes saved")
    assert await screen.violations() == []

    inherited = option(there.page, ward.first)
    await expect(inherited).to_have_attribute("aria-disabled", "true")
    await expect(inherited).to_have_attribute("aria-pressed", "true")
    await expect(inherited).to_have_attribute(
        "aria-description",
        f"{ward.category}: {ward.first}. From 1 photograph; it goes away when no photograph has it any more.",
    )
    await inherited.click(force=True)
    await expect(inherited).to_have_attribute("aria-pressed", "true")
    assert await there.violations() == []

    await option(page, ward.first).click()
    await page.get_by_role("button", name="Done").click()
    await expect(page.get_by_role("dialog").get_by_text("No tags", exact=True)).to_be_visible()
    await expect(inherited).to_have_attribute("aria-pressed", "false")
    await expect(in_banner(page)).not_to_contain_text(ward.first)


@pytest.mark.req("TAG-1")
async def test_categories_and_tags_are_made_coloured_and_put_in_order_by_keyboard(screen: Screen, api: Api) -> None:
    page, mark = screen.page, secrets.token_hex(3)
    await screen.go("/administration/tags")
    await page.get_by_role("button", name="New category").click()
    await page.get_by_label("Name", exact=True).fill(f"Region {mark}")
    await page.get_by_role("radio", name="Orange").click()
    await page.get_by_role("button", name="Make category").click()
    category = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=f"Region {mark}"))
    for name in ("Arm", "Leg", INERT):
        await category.get_by_role("button", name="Add tag to").click()
        await page.keyboard.type(name)
        await page.keyboard.press("Enter")
        await expect(category.get_by_role("listitem").filter(has_text=name)).to_be_visible()
    handle = category.get_by_role("button", name="Drag to move Leg")
    await handle.focus()
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_text("Leg moved to place 1.")).to_be_attached()
    await expect(category.get_by_role("listitem")).to_have_text(["Leg", "Arm", INERT])
    await expect(handle).to_be_focused()
    await options(page, "Arm", "Move Arm down")
    await expect(category.get_by_role("listitem")).to_have_text(["Leg", INERT, "Arm"])
    assert await page.evaluate("window.ran") is None
    await page.reload()
    await expect(category.get_by_role("listitem")).to_have_text(["Leg", INERT, "Arm"])
    await category.get_by_role("button", name="Add tag to").click()
    await page.keyboard.type("leg")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("There is one of this name already")).to_be_visible()
    assert await screen.violations() == []


@pytest.mark.req("TAG-1")
async def test_the_administrator_of_a_site_edits_its_tags_alone_and_viewers_change_none(
    system: System, new_screen: NewScreen, ward: Ward
) -> None:
    chief, mark = await new_screen(signed_in=False), secrets.token_hex(3)
    await chief.sign_in(await engage(system, Role.SITE_ADMIN), system.password or "")
    await chief.go("/administration/tags")
    await expect(chief.page.get_by_role("combobox", name="Tags of")).to_have_value("Main site")
    await chief.page.get_by_role("button", name="New category").click()
    await chief.page.get_by_label("Name", exact=True).fill(f"Study {mark}")
    await chief.page.get_by_role("button", name="Make category").click()
    await expect(chief.page.get_by_role("heading", name=f"Study {mark}")).to_be_visible()
    await expect(chief.page.get_by_role("heading", name=ward.category)).to_have_count(0)

    viewer = await new_screen(signed_in=False)
    await viewer.sign_in(await engage(system, Role.VIEWER), system.password or "")
    await viewer.go("/administration/tags")
    await expect(viewer.page.get_by_role("heading", name="Nothing here")).to_be_visible()
    await viewer.go(f"/patients/{ward.patient.id}/pool")
    await expect(viewer.page.locator("[data-tile][data-state=ready]")).to_be_visible()
    await expect(in_banner(viewer.page)).to_have_count(0)


@pytest.mark.req("POOL-9")
@pytest.mark.req("TAG-3")
async def test_the_pool_shows_photographs_with_any_of_the_chosen_tags(
    system: System, new_screen: NewScreen, api: Api, ward: Ward
) -> None:
    tags = {tag.name: tag.id for category in (await api.list_tags()).categories for tag in category.tags}
    other = photograph(Scene("V", "plaque", 40, 0.1), Shot(1200, 900, "2026:03:02 09:14:51"), seed=4)
    await api.put_image(ward.patient.id, uuid4(), other, file_name="IMG_0002.JPG")
    await api.tag_image(ward.patient.id, ward.image, tags[ward.first])
    there = await clinician(system, new_screen, ward)
    page, tiles = there.page, there.page.locator("[data-tile][data-state=ready]")
    await expect(tiles).to_have_count(2)
    await page.get_by_role("button", name="Filter by Tags").click()
    chosen = page.get_by_role("button", name=f"{ward.category}: {ward.first} 1 photograph")
    await chosen.click()
    await expect(tiles).to_have_count(1)
    await expect(page.get_by_role("img", name="1 filter holds")).to_be_visible()
    assert await there.violations() == []
    await api.untag_image(ward.patient.id, ward.image, tags[ward.first])
    await expect(page.get_by_text("No images match the search criteria.")).to_be_visible()
    await page.get_by_role("button", name="Clear Filters").click()
    await expect(tiles).to_have_count(2)


@pytest.mark.req("TAG-2")
async def test_an_entry_has_tags_of_its_own_and_those_of_its_workspace(
    system: System, new_screen: NewScreen, api: Api, ward: Ward
) -> None:
    tags = {tag.name: tag.id for category in (await api.list_tags()).categories for tag in category.tags}
    entry = (await api.create_entry(ward.patient.id, appointment="2026-03-12T09:30:00Z")).id
    there = await clinician(system, new_screen, ward)
    page = there.page
    await there.go(f"/patients/{ward.patient.id}/entries/{entry}")
    section = page.get_by_role("region", name="Tags", exact=True)
    await section.get_by_role("button", name="Edit tags").click()
    await section.get_by_role("button", name=ward.first).click()
    await expect(section.get_by_role("status")).to_have_text("All changes saved")
    await api.tag_image(ward.patient.id, ward.image, tags[ward.second])
    await api.change_workspace(ward.patient.id, entry, add=[ward.image])
    await expect(section.get_by_role("button", name=ward.second)).to_have_attribute("aria-disabled", "true")
    await section.get_by_role("button", name="Done").click()
    await expect(section).to_contain_text(ward.first)
    await expect(section).to_contain_text(ward.second)
    await api.untag_image(ward.patient.id, ward.image, tags[ward.second])
    await expect(section).not_to_contain_text(ward.second)
    await expect(section).to_contain_text(ward.first)
    assert await there.violations() == []
