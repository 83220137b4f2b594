"""Every page, in both themes, on phone, tablet and desktop: accessible, nothing cut off. Pictures go to var/e2e."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from playwright.async_api import Page, expect

from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.tags import TagColour
from dermfolio.local.places import checkout
from dermfolio.ops.api_client import Api
from dermfolio.ops.photographs import photograph
from dermfolio.ops.photographs.camera import Shot
from dermfolio.ops.photographs.scenes import Scene

from .colleagues import engage
from .conftest import NewScreen, System
from .screen import Screen

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("e2e"), pytest.mark.timeout(600)]

SIZES = {"phone": (390, 844), "tablet": (820, 1180), "desktop": (1440, 900)}
REASON = "Unconscious after a fall, skin findings unknown"
SKIN = (("II", "mole"), ("V", "plaque"), ("III", "rash"), ("VI", "angiomas"))

Opened = Callable[[Screen, UUID], Awaitable[None]]


async def sign_in(screen: Screen, _: UUID) -> None:
    await screen.context.clear_cookies()
    await screen.go("/sign-in")
    await screen.page.locator("form").wait_for()


async def patients(screen: Screen, _: UUID) -> None:
    await screen.go("/patients")
    await screen.page.locator("li a").first.wait_for()


async def patient_table(screen: Screen, _: UUID) -> None:
    await screen.go("/patients?sort=name&images=1-&entries=1-")
    await screen.page.get_by_role("img", name="Table", exact=True).click()
    await screen.page.get_by_role("row").nth(1).wait_for()


async def patient_filters(screen: Screen, _: UUID) -> None:
    await screen.go("/patients?entries=0-0")
    await screen.page.get_by_role("img", name="Cards", exact=True).click()
    await screen.page.get_by_role("button", name="Filters", exact=True).click()
    await screen.page.get_by_role("dialog").wait_for()


async def nobody_found(screen: Screen, _: UUID) -> None:
    await screen.go("/patients?images=999999-")
    await screen.page.get_by_role("heading", name="No patient found").wait_for()


async def create(screen: Screen, _: UUID) -> None:
    await screen.go("/patients/new")
    await screen.page.locator("form").wait_for()


async def pool(screen: Screen, patient: UUID) -> None:
    await screen.go(f"/patients/{patient}/pool")
    await screen.page.locator("[data-tile][data-state=ready]").nth(len(SKIN) - 1).wait_for()


async def entries(screen: Screen, patient: UUID) -> None:
    await screen.go(f"/patients/{patient}/entries")
    await screen.page.get_by_role("main").get_by_role("listitem").first.wait_for()


async def entry(screen: Screen, patient: UUID) -> None:
    await entries(screen, patient)
    await screen.page.get_by_role("link", name="Entry of").first.click()
    await screen.page.get_by_role("button", name="Tags & Notes").wait_for()


async def properties(screen: Screen, patient: UUID) -> None:
    await pool(screen, patient)
    await screen.page.get_by_role("button", name="Properties of").first.click()
    await screen.page.get_by_role("dialog").wait_for()


async def patient_tags(screen: Screen, patient: UUID) -> None:
    await pool(screen, patient)
    await screen.page.get_by_role("button", name="Tags of the patient").first.click()
    await screen.page.get_by_role("dialog").get_by_role("group").first.wait_for()


async def properties_tags(screen: Screen, patient: UUID) -> None:
    await properties(screen, patient)
    await screen.page.get_by_role("button", name="Edit tags").click()
    await screen.page.get_by_role("dialog").get_by_role("group").last.wait_for()


async def tags(screen: Screen, _: UUID) -> None:
    await screen.go("/administration/tags")
    await screen.page.get_by_role("button", name="New category").click()
    await screen.page.get_by_label("Name", exact=True).fill("Body region")


async def viewer(screen: Screen, patient: UUID) -> None:
    await pool(screen, patient)
    await screen.page.locator("[data-open]").first.click()
    await screen.page.get_by_role("dialog").wait_for()


async def sharing(screen: Screen, patient: UUID) -> None:
    await screen.go(f"/patients/{patient}/sharing")
    await screen.page.get_by_text("Home site", exact=True).wait_for()


async def emergency(screen: Screen, _: UUID) -> None:
    await screen.go("/emergency")
    await screen.page.get_by_role("heading", name="Yours so far").wait_for()


async def alerts(screen: Screen, _: UUID) -> None:
    await screen.go("/administration/emergency")
    await screen.page.get_by_role("listitem").filter(has_text=REASON).first.wait_for()
    await screen.page.get_by_role("banner").get_by_role("link", name="to acknowledge").wait_for()


async def activity(screen: Screen, patient: UUID) -> None:
    await screen.go(f"/patients/{patient}/activity")
    await screen.page.get_by_role("main").get_by_role("listitem").first.wait_for()


async def audit(screen: Screen, patient: UUID) -> None:
    await screen.go(f"/audit?when=week&patient={patient}")
    await screen.page.get_by_role("row").nth(1).wait_for()


async def audit_record(screen: Screen, patient: UUID) -> None:
    await audit(screen, patient)
    await screen.page.get_by_role("row").nth(1).click()
    await screen.page.get_by_role("dialog").wait_for()


async def audit_filters(screen: Screen, patient: UUID) -> None:
    await audit(screen, patient)
    await screen.page.get_by_role("button", name="Filters", exact=True).click()
    await screen.page.get_by_role("dialog").wait_for()


async def users(screen: Screen, _: UUID) -> None:
    await screen.go("/administration/users")
    await screen.page.get_by_role("row").nth(1).wait_for()


async def user(screen: Screen, _: UUID) -> None:
    await users(screen, _)
    await screen.page.get_by_role("row").get_by_role("link").last.click()
    await screen.page.get_by_role("heading", name="Access").wait_for()


async def invitation(screen: Screen, _: UUID) -> None:
    await screen.go("/administration/users/new")
    await screen.page.locator("form").wait_for()


async def sites(screen: Screen, _: UUID) -> None:
    await screen.go("/administration/sites")
    await screen.page.get_by_role("row").nth(1).wait_for()


async def site(screen: Screen, _: UUID) -> None:
    await sites(screen, _)
    await screen.page.get_by_role("row").get_by_role("link").first.click()
    await screen.page.locator("form").wait_for()


async def new_site(screen: Screen, _: UUID) -> None:
    await screen.go("/administration/sites/new")
    await screen.page.locator("form").wait_for()


async def settings(screen: Screen, _: UUID) -> None:
    await screen.go("/administration/settings")
    await screen.page.locator("form").wait_for()


async def account(screen: Screen, _: UUID) -> None:
    await screen.go("/account")
    await screen.page.get_by_text("You have no API token.").wait_for()
    await screen.page.get_by_role("heading", name="Security history").scroll_into_view_if_needed()
    await screen.page.get_by_role("list", name="Security history").wait_for()
    await screen.page.get_by_role("heading", name="Account").first.scroll_into_view_if_needed()


async def welcome(screen: Screen, _: UUID) -> None:
    await screen.go(f"/welcome#{secrets.token_urlsafe(32)}")
    await screen.page.locator("form").wait_for()


async def nowhere(screen: Screen, _: UUID) -> None:
    await screen.go("/nowhere")
    await screen.page.get_by_role("heading", name="Nothing here").wait_for()


PAGES: tuple[Opened, ...] = (
    *(
        patients,
        patient_table,
        patient_filters,
        nobody_found,
        create,
        entries,
        entry,
        pool,
        properties,
        properties_tags,
        patient_tags,
        viewer,
        sharing,
        activity,
        emergency,
        nowhere,
    ),
    *(audit, audit_record, audit_filters),
    *(alerts, users, user, invitation, tags, sites, site, new_site, settings, account, welcome),
    sign_in,
)


@pytest.mark.parametrize("colours", ["light", "dark"])
async def test_every_page_is_accessible_and_fits(system: System, api: Api, new_screen: NewScreen, colours: str) -> None:
    record = await api.create_patient(f"e2e-{secrets.token_hex(4)}", first_name="Anna", last_name="Berg")
    patient = record.id
    await _opened_from_elsewhere(system, api, record.unique_id)
    for number, (phototype, finding) in enumerate(SKIN):
        shot = Shot(1200, 900, "2026:03:02 09:14:51")
        jpeg = photograph(Scene(phototype, finding, 40, 0.1), shot, seed=number)
        await api.put_image(patient, uuid4(), jpeg, file_name=f"IMG_{number}.JPG")
    await _tagged(api, patient)
    for month in (1, 2, 3):
        await api.create_entry(patient, appointment=f"2026-0{month}-12T09:30:00Z")
    screen = await new_screen(color_scheme=colours)
    wrong: list[str] = []
    for opened in PAGES:
        for name, (width, height) in SIZES.items():
            await screen.page.set_viewport_size({"width": width, "height": height})
            await opened(screen, patient)
            await _settled(screen.page)
            await _pictured(screen.page, f"{opened.__name__}-{name}-{colours}")
            found = await screen.violations()
            if await screen.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append("the page is wider than the window")
            wrong += [f"{opened.__name__}, {name}, {colours}: {one}" for one in found]
    assert not wrong, "\n".join(wrong)


async def _tagged(api: Api, patient: UUID) -> None:
    """Tags of every colour, own and inherited."""
    [image, *_] = [one.id for one in await api.whole_pool(patient)]
    for colour in TagColour:
        category = await api.create_tag_category(f"{colour} {secrets.token_hex(3)}", colour)
        names = ("Naevus", "Actinic keratosis", "Of the left upper arm and shoulder")
        made = [(await api.create_tag(category.id, name)).id for name in names]
        await api.tag_patient(patient, made[0])
        await api.tag_image(patient, image, made[2])


async def _opened_from_elsewhere(system: System, api: Api, unique_id: str) -> None:
    site = (await api.create_site(f"Hautklinik {secrets.token_hex(3)}", "UTC")).id
    login = await engage(system, Role.CLINICIAN, site=site)
    async with Api(system.url) as stranger:
        await stranger.sign_in(login, system.password or "")
        await stranger.open_patient(unique_id, REASON)


_NOTHING_AWAITED = """() => ![...document.querySelectorAll(".mantine-Skeleton-root")]
  .map(skeleton => skeleton.getBoundingClientRect()).some(({ top, bottom }) => bottom > 0 && top < innerHeight)"""
"""What lies outside the window is fetched when one comes there."""


async def _settled(page: Page) -> None:
    await page.evaluate(
        "Promise.all(document.getAnimations()"
        ".filter(a => Number.isFinite(a.effect.getComputedTiming().endTime)).map(a => a.finished))"
    )
    await page.wait_for_function(_NOTHING_AWAITED)


async def _pictured(page: Page, name: str) -> None:
    path = checkout() / "var" / "e2e" / f"{name}.png"
    await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
    await page.screenshot(path=path)


async def test_the_whole_way_to_a_photograph_can_be_gone_by_keyboard(screen: Screen, api: Api) -> None:
    patient = await api.create_patient(f"aaa-{secrets.token_hex(4)}", first_name="Anna", last_name="Berg")
    jpeg = photograph(Scene("II", "mole", 40, 0.1), Shot(1200, 900, "2026:03:02 09:14:51"), seed=9)
    await api.put_image(patient.id, uuid4(), jpeg, file_name="IMG_0001.JPG")
    page = screen.page
    await screen.go("/patients")
    await page.locator("li a").first.wait_for()

    async def tab_to(selector: str) -> None:
        for _ in range(60):
            await page.keyboard.press("Tab")
            if await page.evaluate("selector => document.activeElement?.matches(selector)", selector):
                visible = "getComputedStyle(document.activeElement).outlineStyle !== 'none'"
                assert await page.evaluate(visible), f"{selector} has no visible focus"
                return
        raise AssertionError(f"{selector} cannot be reached by Tab")

    await tab_to(f"a[href='/patients/{patient.id}']")
    await page.keyboard.press("Enter")
    await tab_to(f"a[href='/patients/{patient.id}/pool']")
    await page.keyboard.press("Enter")
    await page.locator("[data-open]").wait_for()
    await tab_to("[data-open]")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Photograph viewer")).to_be_visible()
    await expect(page.locator("[data-viewer]:focus, [data-viewer] :focus")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Photograph viewer")).to_be_hidden()
    assert await page.evaluate("document.activeElement?.matches('[data-open]')"), "focus is lost after the viewer"
    await page.keyboard.press("/")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.type("create")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Create Patient")).to_be_visible()
