"""The pool's grid in real browsers: sizes, the selection, captions, another order, and the keyboard alone."""

import asyncio
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.patients import PatientView
from dermfolio.ops.api_client import Api
from dermfolio.ops.photographs import photograph
from dermfolio.ops.photographs.camera import Shot
from dermfolio.ops.photographs.scenes import Scene
from dermfolio.ops.watching import Watch

from .colleagues import engage
from .conftest import NewScreen, System
from .screen import Screen

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("e2e"), pytest.mark.timeout(600)]

SMALL = Shot(600, 450, "2026:03:02 09:14:51")
BUSY = "ms => void setTimeout(() => { const end = performance.now() + ms; while (performance.now() < end); })"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@dataclass
class Series:
    """A patient with photographs of one date; the newest is first."""

    patient: PatientView
    images: list[UUID]


@pytest_asyncio.fixture(loop_scope="session")
async def series(api: Api) -> Series:
    return await photographed(api, 4)


async def photographed(api: Api, count: int) -> Series:
    patient = await api.create_patient(f"e2e-{secrets.token_hex(4)}", last_name="Zinnober")
    images = [uuid4() for _ in range(count)]
    async with Watch(api, patient.id) as watch:
        for number, image in enumerate(images):
            jpeg = photograph(Scene("II", "mole", 40, 0.1), SMALL, seed=number)
            await api.put_image(patient.id, image, jpeg, file_name=f"IMG_{number:04}.JPG")
        for image in images:
            await watch.end_of(image, 60.0)
    return Series(patient, images[::-1])


async def at_pool(screen: Screen, series: Series) -> Page:
    await screen.go(f"/patients/{series.patient.id}/pool")
    await expect(screen.page.locator("[data-tile][data-state=ready]").first).to_be_visible()
    await expect(screen.page.locator("[data-connection=live]")).to_be_attached()
    return screen.page


async def colleague(system: System, new_screen: NewScreen, role: Role = Role.CLINICIAN, **options: object) -> Screen:
    screen = await new_screen(signed_in=False, **options)
    await screen.sign_in(await engage(system, role), system.password or "")
    return screen


def tile(page: Page, image: UUID) -> Locator:
    return page.locator(f"[data-tile='{image}']")


def card(page: Page, image: UUID) -> Locator:
    """What opens a photograph, and has the focus when it is gone to."""
    return page.locator(f"[data-open='{image}']")


async def expect_order(page: Page, images: Sequence[UUID]) -> None:
    """The photographs as they are shown, from the first to the last."""
    await expect(page.locator("[data-open]")).to_have_count(len(images))
    for number, image in enumerate(images):
        await expect(page.locator("[data-open]").nth(number)).to_have_attribute("data-open", str(image))


async def select(page: Page, *images: UUID) -> None:
    for image in images:
        await tile(page, image).hover()
        await tile(page, image).get_by_role("button", name="Select the photograph of").click()


@pytest.mark.req("POOL-8", "ORG-9")
async def test_the_size_of_photographs_is_kept_on_every_device(
    system: System, series: Series, new_screen: NewScreen
) -> None:
    login = await engage(system, Role.VIEWER)
    here = await new_screen(signed_in=False)
    await here.sign_in(login, system.password or "")
    page = await at_pool(here, series)
    await expect(tile(page, series.images[0])).to_have_attribute("data-size", "medium")
    widths = []
    for size in ("Small", "Medium", "Large"):
        await page.get_by_text(size, exact=True).click()
        await expect(tile(page, series.images[0])).to_have_attribute("data-size", size.lower())
        box = await tile(page, series.images[0]).bounding_box()
        assert box is not None
        widths.append(box["width"])
    assert widths == sorted(set(widths))
    there = await new_screen(signed_in=False, **PHONE)
    await there.sign_in(login, system.password or "")
    page = await at_pool(there, series)
    await expect(tile(page, series.images[0])).to_have_attribute("data-size", "large")
    await page.get_by_role("button", name="View options").click()
    await page.get_by_role("menuitem", name="Smaller").click()
    await expect(tile(page, series.images[0])).to_have_attribute("data-size", "medium")
    assert await there.violations() == []


@pytest.mark.req("POOL-8")
async def test_the_photograph_that_is_looked_at_stays_in_the_window_when_the_size_changes(
    system: System, new_screen: NewScreen, api: Api
) -> None:
    series = await photographed(api, 30)
    screen = await colleague(system, new_screen, viewport={"width": 900, "height": 600})
    page = await at_pool(screen, series)
    await card(page, series.images[0]).focus()
    for _ in range(22):
        await page.keyboard.press("ArrowRight")
    looked_at = series.images[22]
    await expect(card(page, looked_at)).to_be_focused()
    for key in ("+", "-", "-"):
        await page.keyboard.press(key)
        await expect(card(page, looked_at)).to_be_focused()
        await expect(card(page, looked_at)).to_be_in_viewport(ratio=0.9)
    await page.set_viewport_size({"width": 500, "height": 700})
    await expect(card(page, looked_at)).to_be_in_viewport(ratio=0.9)


@pytest.mark.req("POOL-15", "POOL-5", "POOL-16")
async def test_tags_of_many_are_given_and_taken_together_and_that_can_be_undone(
    system: System, series: Series, api: Api, new_screen: NewScreen
) -> None:
    mark = secrets.token_hex(3)
    category = await api.create_tag_category(f"Diagnosis {mark}", "purple")
    # short names: the labels of both fit on a card
    naevus, lentigo = [await api.create_tag(category.id, f"{name}{mark[:3]}") for name in "NL"]
    one, two, three, _ = series.images
    await api.tag_image(series.patient.id, one, naevus.id)
    here, there = await colleague(system, new_screen), await colleague(system, new_screen)
    page, other = await at_pool(here, series), await at_pool(there, series)
    await expect(tile(page, one).get_by_role("img", name=naevus.name)).to_be_visible()
    await select(page, one, two)
    await card(page, three).click(modifiers=["Shift"])
    bar = page.get_by_role("region", name="Selection")
    await expect(bar).to_contain_text("3 selected")
    assert await here.violations() == []
    await bar.get_by_role("button", name="Tag…").click()
    dialog = page.get_by_role("dialog", name="Tags of 3 photographs")
    await expect(dialog.get_by_role("button", name=naevus.name)).to_have_attribute("aria-pressed", "mixed")
    assert await here.violations() == []
    await dialog.get_by_role("button", name=naevus.name).click()
    await dialog.get_by_role("button", name=lentigo.name).click()
    await dialog.get_by_role("button", name="Apply").click()
    for image in (one, two, three):
        for tag in (naevus, lentigo):
            await expect(tile(other, image).get_by_role("img", name=tag.name)).to_be_visible()
    await page.get_by_role("alert").get_by_role("button", name="Undo").click()
    for image in (two, three):
        await expect(tile(other, image).get_by_role("img", name=mark)).to_have_count(0)
    await expect(tile(other, one).get_by_role("img", name=naevus.name)).to_be_visible()
    await expect(tile(other, one).get_by_role("img", name=lentigo.name)).to_have_count(0)


@pytest.mark.req("POOL-15", "POOL-5", "POOL-7", "POOL-16")
async def test_a_date_set_for_many_moves_them_to_its_group_for_everybody_and_can_be_undone(
    system: System, series: Series, api: Api, new_screen: NewScreen
) -> None:
    here, there = await colleague(system, new_screen), await colleague(system, new_screen)
    page, other = await at_pool(here, series), await at_pool(there, series)
    before = {image.id: image.effective_at for image in await api.whole_pool(series.patient.id)}
    await select(page, *series.images[:2])
    await page.keyboard.press("d")
    dialog = page.get_by_role("dialog", name="Date of 2 photographs")
    assert await here.violations() == []
    await dialog.get_by_label("Date").fill("2025-03-12")
    await dialog.get_by_role("button", name="Set date").click()
    headers = other.get_by_role("heading", level=2)
    await expect(headers).to_have_count(2)
    await expect(headers.last).to_have_text("Wednesday, March 12, 20252")
    after = {image.id: image.effective_at for image in await api.whole_pool(series.patient.id)}
    for image in series.images[:2]:
        assert after[image].timetz() == before[image].timetz()
    await page.get_by_role("alert").get_by_role("button", name="Undo").click()
    await expect(headers).to_have_count(1)
    assert {image.id: image.effective_at for image in await api.whole_pool(series.patient.id)} == before


@pytest.mark.req("POOL-15")
async def test_all_of_a_date_are_selected_from_its_header_and_escape_lets_go(series: Series, screen: Screen) -> None:
    page = await at_pool(screen, series)
    header = page.get_by_role("button", name="Select all of")
    await header.click()
    await expect(page.get_by_role("region", name="Selection")).to_contain_text("4 selected")
    await expect(page.locator("[data-tile][data-selected]")).to_have_count(4)
    await select(page, series.images[1])
    await expect(header).to_have_attribute("aria-pressed", "mixed")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("region", name="Selection")).to_have_count(0)


@pytest.mark.req("POOL-11", "POOL-16")
async def test_a_caption_typed_on_the_card_is_saved_by_itself_and_seen_by_others(
    system: System, series: Series, new_screen: NewScreen
) -> None:
    here, there = await colleague(system, new_screen), await colleague(system, new_screen)
    page, other = await at_pool(here, series), await at_pool(there, series)
    one, two = series.images[:2]
    await tile(page, one).hover()
    await tile(page, one).get_by_role("button", name="Add a caption").click()
    await page.keyboard.type("Left shoulder, before")
    await expect(page.get_by_role("status", name="Saving…")).to_be_visible()
    await expect(tile(other, one)).to_contain_text("Left shoulder, before")
    await expect(page.get_by_role("status", name="All changes saved")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(tile(page, one).get_by_role("button", name="Left shoulder, before")).to_be_focused()
    await here.context.set_offline(True)
    await tile(page, two).hover()
    await tile(page, two).get_by_role("button", name="Add a caption").click()
    await page.keyboard.type("Right shoulder")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status", name="Offline — 1 change pending")).to_be_visible()
    await here.context.set_offline(False)
    await expect(tile(other, two)).to_contain_text("Right shoulder")
    assert await here.violations() == []


@pytest.mark.req("POOL-11")
async def test_two_who_caption_the_same_photograph_lose_nothing_and_choose(
    system: System, series: Series, new_screen: NewScreen
) -> None:
    here, there = await colleague(system, new_screen), await colleague(system, new_screen)
    page, other = await at_pool(here, series), await at_pool(there, series)
    image = series.images[0]
    await here.context.set_offline(True)
    await tile(page, image).hover()
    await tile(page, image).get_by_role("button", name="Add a caption").click()
    await page.keyboard.type("Mine")
    await page.keyboard.press("Enter")
    await tile(other, image).hover()
    await tile(other, image).get_by_role("button", name="Add a caption").click()
    await other.keyboard.type("Theirs")
    await other.keyboard.press("Enter")
    await expect(other.get_by_role("status", name="All changes saved")).to_be_visible()
    await here.context.set_offline(False)
    await expect(page.get_by_role("status", name="Not saved yet")).to_be_visible()
    await tile(page, image).get_by_role("button", name="Two versions").click()
    dialog = page.get_by_role("dialog", name="Two versions")
    await expect(dialog).to_contain_text("Mine")
    await expect(dialog).to_contain_text("Theirs")
    assert await here.violations() == []
    await dialog.get_by_role("button", name="Keep both").click()
    await expect(dialog).to_be_hidden()
    await expect(tile(other, image)).to_contain_text("Theirs Mine")
    await expect(page.get_by_role("status", name="All changes saved")).to_be_visible()


@pytest.mark.req("POOL-10", "POOL-16")
async def test_a_photograph_dragged_to_another_place_stands_there_for_everybody(
    system: System, series: Series, new_screen: NewScreen
) -> None:
    here, there = await colleague(system, new_screen), await colleague(system, new_screen)
    page, other = await at_pool(here, series), await at_pool(there, series)
    a, b, c, d = series.images
    await expect_order(page, series.images)
    await tile(page, a).hover()
    await tile(page, a).get_by_role("button", name="Reorder").hover()
    await page.mouse.down()
    box = await tile(page, c).bounding_box()
    assert box is not None
    for part in (0.3, 0.6, 0.8):
        await page.mouse.move(box["x"] + box["width"] * part, box["y"] + 60, steps=4)
    await expect(tile(page, c)).to_have_attribute("data-drop", "after")
    await page.mouse.up()
    await expect_order(page, [b, c, a, d])
    await expect_order(other, [b, c, a, d])
    await page.reload()
    await expect_order(page, [b, c, a, d])


@pytest.mark.req("POOL-10", "POOL-16")
async def test_photographs_are_put_in_order_by_keys_and_by_a_menu_and_the_focus_stays(
    system: System, series: Series, new_screen: NewScreen
) -> None:
    here, there = await colleague(system, new_screen), await colleague(system, new_screen)
    page, other = await at_pool(here, series), await at_pool(there, series)
    a, b, c, d = series.images
    await card(page, a).focus()
    await page.keyboard.press("Control+ArrowRight")
    await expect(page.get_by_role("status").filter(has_text="Moved: 2 of 4")).to_be_attached()
    await page.keyboard.press("Alt+ArrowRight")
    await expect_order(other, [b, c, a, d])
    await page.evaluate(BUSY, 400)
    await page.keyboard.down("Control")
    # both wait for the page, and the second counts from where the first led
    await asyncio.gather(page.keyboard.press("ArrowLeft"), page.keyboard.press("ArrowLeft"))
    await page.keyboard.up("Control")
    await expect_order(other, [a, b, c, d])
    for moved in ([b, a, c, d], [b, c, a, d]):
        await page.keyboard.press("Control+ArrowRight")
        await expect_order(other, moved)
    await expect(card(page, a)).to_be_focused()
    for _ in range(3):
        await page.keyboard.press("Tab")
    await expect(tile(page, a).get_by_role("button", name="Reorder")).to_be_focused()
    await page.keyboard.press("Enter")
    assert await here.violations() == []
    await page.get_by_role("menuitem", name="Move first").click()
    await expect_order(other, [a, b, c, d])
    await expect(card(page, a)).to_be_focused()


@pytest.mark.req("POOL-10")
async def test_by_touch_a_menu_puts_photographs_in_another_order(
    system: System, series: Series, new_screen: NewScreen
) -> None:
    screen = await colleague(system, new_screen, **PHONE)
    page = await at_pool(screen, series)
    a, b, c, d = series.images
    await tile(page, a).get_by_role("button", name="Reorder").tap()
    await page.get_by_role("menuitem", name="Move last").tap()
    await expect_order(page, [b, c, d, a])


async def test_the_pool_is_walked_through_and_selected_from_by_keyboard_alone(series: Series, screen: Screen) -> None:
    page = await at_pool(screen, series)
    a, _, _, d = series.images
    await card(page, a).focus()
    await page.keyboard.press("End")
    await expect(card(page, d)).to_be_focused()
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("x")
    await page.keyboard.press("Shift+ArrowLeft")
    await page.keyboard.press("Shift+ArrowLeft")
    await expect(card(page, a)).to_be_focused()
    await expect(page.get_by_role("region", name="Selection")).to_contain_text("3 selected")
    await expect(tile(page, d)).not_to_have_attribute("data-selected", re.compile(""))
    await page.keyboard.press("t")
    await expect(page.get_by_role("dialog", name="Tags of 3 photographs")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_role("region", name="Selection")).to_contain_text("3 selected")
    await expect(card(page, a)).to_be_focused()
    await page.keyboard.press("Space")
    await expect(page.get_by_role("dialog", name="Photograph viewer")).to_contain_text("1 of 4")
    await page.keyboard.press("Escape")
    await expect(card(page, a)).to_be_focused()


@pytest.mark.req("POOL-15", "POOL-10", "POOL-11")
async def test_who_may_only_look_is_offered_no_change(system: System, series: Series, new_screen: NewScreen) -> None:
    screen = await colleague(system, new_screen, Role.VIEWER)
    page = await at_pool(screen, series)
    await select(page, series.images[0])
    for name in ("Tag…", "Set date…", "Reorder", "Add a caption", "Choose tags"):
        await expect(page.get_by_role("button", name=name)).to_have_count(0)
    await card(page, series.images[0]).focus()
    await page.keyboard.press("Control+ArrowRight")
    await page.keyboard.press("d")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect_order(page, series.images)
