"""The image pool in real browsers: upload, live updates, what is refused, what an interruption leaves behind."""

import asyncio
import hashlib
import io
import re
import secrets
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Route, expect

from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.patients import PatientView
from dermfolio.images.places import dated
from dermfolio.ops.api_client import Api
from dermfolio.ops.watching import Watch

from .colleagues import engage
from .conftest import NewScreen, System
from .screen import Screen
from .seen_directly import rows

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("e2e"), pytest.mark.timeout(600)]


def photograph(tone: int = 0, size: tuple[int, int] = (900, 600)) -> bytes:
    """A JPEG of its own."""
    picture = Image.effect_noise(size, 24).convert("RGB")
    picture.paste((200 - tone % 90, 140, 120), (size[0] // 3, size[1] // 3, size[0] // 2, size[1] // 2))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def written(directory: Path, name: str, data: bytes) -> Path:
    """A file as the user has it."""
    path = directory / name
    path.write_bytes(data)
    return path


@pytest_asyncio.fixture(loop_scope="session")
async def patient(api: Api) -> PatientView:
    return await api.create_patient(f"e2e-{secrets.token_hex(4)}", first_name="Walburga", last_name="Zinnober")


async def open_pool(screen: Screen, patient: PatientView) -> None:
    await screen.go(f"/patients/{patient.id}/pool")
    await expect(screen.page.get_by_role("heading", name="Image Pool")).to_be_attached()


async def until_tiles(screen: Screen, count: int, state: str = "ready") -> None:
    await expect(screen.page.locator(f"[data-tile][data-state={state}]")).to_have_count(count, timeout=60_000)


@pytest.mark.req("POOL-2", "POOL-4", "POOL-6", "POOL-16")
async def test_a_dropped_photograph_appears_at_once_and_then_in_every_open_browser(
    patient: PatientView, new_screen: NewScreen, tmp_path: Path
) -> None:
    here, there = await new_screen(), await new_screen()
    await open_pool(there, patient)
    await open_pool(here, patient)
    await expect(here.page.get_by_text("Add the first image")).to_be_visible()
    assert await here.violations() == []
    file = written(tmp_path, "Schulter links.jpg", photograph())
    await here.drop_files("h1", file)
    await expect(here.page.locator("[data-tile]")).to_have_count(1)
    await until_tiles(here, 1)
    await until_tiles(there, 1)
    picture = there.page.locator("[data-tile] img[alt]:not([alt=''])")
    await expect(picture).to_have_js_property("naturalWidth", 320)
    await expect(there.page.get_by_text("1 photograph").first).to_be_visible()
    assert await here.violations() == []


@pytest.mark.req("POOL-3")
async def test_one_notification_names_what_was_skipped_and_why_and_the_rest_goes_on(
    patient: PatientView, screen: Screen, api: Api, tmp_path: Path
) -> None:
    good = photograph(1)
    equal = uuid4()
    await api.put_image(patient.id, equal, good, file_name="there already.jpg")
    files = [
        written(tmp_path, "good.jpg", photograph(2)),
        written(tmp_path, "cut off.jpg", photograph(3)[:9000]),
        written(tmp_path, "letter.jpg", b"%PDF-1.7 not a photograph"),
        written(tmp_path, "huge.jpg", photograph(4) + bytes(17 * 2**20)),
        written(tmp_path, "again.jpg", good),
        written(tmp_path, "empty.jpg", b""),
    ]
    await open_pool(screen, patient)
    await until_tiles(screen, 1)
    await screen.choose_files(*files)
    told = screen.page.get_by_role("alert").filter(has_text="photograph added")
    await expect(told).to_have_count(1, timeout=60_000)
    await expect(told).to_contain_text("1 photograph added.")
    await expect(told).to_contain_text("5 files were skipped:")
    for name, reason in (
        ("cut off.jpg", "The file is incomplete"),
        ("letter.jpg", "This file type is not accepted"),
        ("huge.jpg", "at most 16"),
        ("again.jpg", "Already in the pool as"),
        ("empty.jpg", "The file is empty"),
    ):
        await expect(told).to_contain_text(name.split(".")[0][:4])
        await expect(told).to_contain_text(reason)
    await until_tiles(screen, 2)
    assert len(await api.whole_pool(patient.id)) == 2
    assert await screen.violations() == []
    await told.get_by_role("link").first.click()
    await expect(screen.page).to_have_url(f"{screen.url}/patients/{patient.id}/pool/{equal}")


@pytest.mark.req("POOL-3", "POOL-4", "POOL-16")
async def test_a_lost_network_and_a_killed_worker_lose_nothing_and_double_nothing(
    system: System, patient: PatientView, api: Api, new_screen: NewScreen, tmp_path: Path
) -> None:
    here, there = await new_screen(), await new_screen()
    await open_pool(here, patient)
    await open_pool(there, patient)
    contents = [photograph(n, (2400, 1600)) for n in range(12)]
    files = [written(tmp_path, f"IMG_{n:04}.jpg", data) for n, data in enumerate(contents)]
    await here.choose_files(*files)
    await expect(here.page.locator("[data-tile]")).to_have_count(12)
    await here.context.set_offline(True)
    await expect(here.page.get_by_role("status").filter(has_text="Offline")).to_be_visible()
    system.stack.processes["images-work-1"].kill()
    await asyncio.sleep(2)
    await here.context.set_offline(False)
    await until_tiles(here, 12)
    await until_tiles(there, 12)
    await expect(here.page.get_by_text("All changes saved")).to_be_visible()
    kept = await api.whole_pool(patient.id)
    assert sorted(i.sha256 for i in kept) == sorted(hashlib.sha256(data).hexdigest() for data in contents)


@pytest.mark.req("POOL-16")
async def test_what_others_did_while_the_network_was_gone_appears_when_it_is_back(
    patient: PatientView, screen: Screen, api: Api
) -> None:
    await open_pool(screen, patient)
    await expect(screen.page.locator("[data-connection=live]")).to_be_attached()
    await screen.context.set_offline(True)
    await expect(screen.page.locator("[data-connection=lost]")).to_be_attached()
    await api.put_image(patient.id, uuid4(), photograph(7), file_name="a.jpg")
    await screen.context.set_offline(False)
    await until_tiles(screen, 1)
    await expect(screen.page.locator("[data-connection=live]")).to_be_attached()


async def test_a_page_whose_script_was_lost_on_its_way_is_shown_all_the_same(screen: Screen) -> None:
    lost = 0

    async def lose(route: Route) -> None:
        nonlocal lost
        lost += 1
        await (route.abort("connectionreset") if lost <= 2 else route.continue_())

    await screen.page.route("**/assets/create-*.js", lose)
    await screen.go("/patients")
    await screen.page.get_by_role("link", name="Create Patient").first.click()
    await expect(screen.page.get_by_role("heading", name="Create Patient")).to_be_visible()
    assert lost == 3


async def test_pages_never_opened_before_are_there_without_a_network(screen: Screen) -> None:
    await screen.go("/patients")
    async with screen.page.expect_response("**/assets/create-*.js"):
        pass
    await screen.page.wait_for_load_state("networkidle")
    await screen.context.set_offline(True)
    await screen.page.get_by_role("link", name="Create Patient").first.click()
    await expect(screen.page.get_by_role("heading", name="Create Patient")).to_be_visible()
    await screen.page.keyboard.press("Escape")
    await screen.page.locator("body").click()
    await screen.page.keyboard.press("/")
    await expect(screen.page.get_by_role("textbox", name="Go to …")).to_be_visible()
    await screen.context.set_offline(False)


async def pool_of_three_days(system: System, api: Api, patient: PatientView) -> list[UUID]:
    """Four photographs of three dates, newest first; the site's time zone is UTC."""
    days = ("2025-03-12T23:59:59Z", "2025-03-12T08:00:00Z", "2025-03-11T12:00:00Z", "2024-02-29T12:00:00Z")
    images = [uuid4() for _ in days]
    async with Watch(api, patient.id) as watch:
        for number, image in enumerate(images):
            await api.put_image(patient.id, image, photograph(20 + number), file_name=f"{number}.jpg")
        for image in images:
            await watch.end_of(image, 60.0)
    for image, day in zip(images, days, strict=True):
        moved = "UPDATE images SET effective_at = $2, place = $3 WHERE id = $1"
        at = datetime.fromisoformat(day)
        await rows(system.stack, "images", moved, image, at, dated(at, image))
    return images


@pytest.mark.req("POOL-7")
async def test_dates_are_groups_that_count_fold_and_keep_their_order(
    system: System, patient: PatientView, new_screen: NewScreen, api: Api
) -> None:
    await pool_of_three_days(system, api, patient)
    screen = await new_screen(signed_in=False)
    await screen.sign_in(await engage(system, Role.VIEWER), system.password or "")
    await open_pool(screen, patient)
    page = screen.page
    headers = page.get_by_role("heading", level=2)
    await expect(headers).to_have_text(
        ["Wednesday, March 12, 20252", "Tuesday, March 11, 20251", "Thursday, February 29, 20241"]
    )
    await page.get_by_role("button", name="Wednesday, March 12, 2025").click()
    await until_tiles(screen, 2)
    await page.get_by_role("button", name="Collapse All").click()
    await until_tiles(screen, 0)
    await page.get_by_role("button", name="Expand All").click()
    await until_tiles(screen, 4)
    await page.get_by_text("Oldest first").click()
    await expect(headers.first).to_contain_text("Thursday, February 29, 2024")
    await page.reload()
    await expect(headers.first).to_contain_text("Thursday, February 29, 2024")
    assert await screen.violations() == []


@pytest.mark.req("POOL-12", "POOL-14")
async def test_a_photograph_is_walked_through_looked_at_in_its_own_pixels_and_downloaded(
    system: System, patient: PatientView, screen: Screen, api: Api
) -> None:
    images = await pool_of_three_days(system, api, patient)
    await open_pool(screen, patient)
    page = screen.page
    await page.locator(f"[data-open='{images[0]}']").focus()
    await page.keyboard.press("Enter")
    viewer = page.get_by_role("dialog", name="Photograph viewer")
    await expect(viewer).to_contain_text("1 of 4")
    assert await screen.violations() == []
    await page.keyboard.press("ArrowRight")
    await expect(viewer).to_contain_text("2 of 4")
    await page.keyboard.press("End")
    await expect(viewer).to_contain_text("4 of 4")
    await page.keyboard.press("Home")
    async with page.expect_response(lambda answer: answer.url.endswith(f"{images[0]}/original")) as original:
        await page.keyboard.press("+")
        for _ in range(6):
            await page.keyboard.press("+")
    assert (await original.value).status == 200
    await page.keyboard.press("i")
    await expect(page.get_by_text(re.compile("900 . 600 px"))).to_be_visible()
    await expect(page.get_by_text("Administrator", exact=True).last).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download original").last.click()
    file = await (await download.value).path()
    assert (await download.value).suggested_filename == "0.jpg"
    kept = await api.get_image(patient.id, images[0])
    assert hashlib.sha256(await asyncio.to_thread(Path(file).read_bytes)).hexdigest() == kept.sha256
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Image Properties")).to_be_hidden()
    await page.keyboard.press("Escape")
    await expect(viewer).to_be_hidden()
    await expect(page).to_have_url(f"{screen.url}/patients/{patient.id}/pool")


async def test_a_link_to_a_photograph_opens_it_and_one_to_none_says_so(
    system: System, patient: PatientView, screen: Screen, api: Api
) -> None:
    images = await pool_of_three_days(system, api, patient)
    await screen.go(f"/patients/{patient.id}/pool/{images[2]}")
    await expect(screen.page.get_by_role("dialog", name="Photograph viewer")).to_contain_text("3 of 4")
    await screen.go(f"/patients/{patient.id}/pool/{uuid4()}")
    await expect(screen.page.get_by_text("There is no such photograph")).to_be_visible()
    assert await screen.violations() == []
