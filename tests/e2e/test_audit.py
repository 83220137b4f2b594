"""The audit trail in real browsers: searched, looked into, verified, and a patient's activity."""

import asyncio
import json
import re
import secrets
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.patients import PatientView
from dermfolio.ops.api_client import Api, ApiProblem

from .colleagues import engage
from .conftest import NewScreen, System
from .screen import Screen

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("e2e"), pytest.mark.timeout(300)]

REASON = "Unconscious after a fall, skin findings unknown"
MANY = 130
"""More than a page of the trail has."""


@dataclass
class Record:
    """A patient whose record somebody of another site was refused, and then opened in an emergency."""

    patient: PatientView
    site: str


@pytest_asyncio.fixture(loop_scope="session")
async def record(system: System, api: Api) -> Record:
    patient = await api.create_patient(f"e2e-{secrets.token_hex(4)}", first_name="Anna", last_name="Zinnober")
    name = f"Hautklinik {secrets.token_hex(3)}"
    elsewhere = await api.create_site(name, "Pacific/Auckland")
    async with Api(system.url) as far:
        await far.sign_in(await engage(system, Role.CLINICIAN, site=elsewhere.id), system.password or "")
        with pytest.raises(ApiProblem):
            await far.get_patient(patient.id)
        await far.open_patient(patient.unique_id, REASON)
        await far.get_patient(patient.id)
    return Record(patient, name)


async def at_work(system: System, new_screen: NewScreen, role: Role, **options: object) -> Screen:
    screen = await new_screen(signed_in=False, **options)
    await screen.sign_in(await engage(system, role), system.password or "")
    return screen


def record_rows(page: Page) -> Locator:
    """Rows of the table that are there."""
    return page.locator("[data-row]")


@pytest.mark.req("AUD-4")
async def test_an_auditor_filters_the_trail_and_the_address_says_ids_alone(
    system: System, new_screen: NewScreen, record: Record
) -> None:
    screen = await at_work(system, new_screen, Role.AUDITOR)
    page = screen.page
    await expect(page.get_by_role("heading", name="Audit Trail")).to_be_visible()
    await expect(record_rows(page).filter(has_text="Signed in").filter(has_text="Auditor Test").first).to_be_visible()
    assert await screen.violations() == []

    await page.get_by_role("button", name="Filters", exact=True).click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("Patient").fill("Zinnober")
    await drawer.get_by_role("button", name="Show records").click()
    await expect(drawer.get_by_text("An id has 32 digits")).to_be_visible()
    await drawer.get_by_label("Patient").fill(str(record.patient.id))
    await drawer.get_by_role("combobox", name="Time").click()
    await page.get_by_role("option", name="Today").click()
    await drawer.get_by_role("button", name="Show records").click()
    await expect(drawer).to_be_hidden()
    assert page.url == f"{screen.url}/audit?when=today&patient={record.patient.id}"
    await expect(record_rows(page).filter(has_text="Created a patient")).to_have_count(1)
    await expect(record_rows(page).filter(has_text="Signed in")).to_have_count(0)
    emergency = record_rows(page).filter(has_text="Emergency access").filter(has_text="Opened a patient record")
    await expect(emergency.first).to_contain_text("Clinician Test")

    await page.get_by_role("combobox", name="Outcome").click()
    await page.get_by_role("option", name="Refused").click()
    await expect(page.get_by_role("heading", name="No record fits")).to_be_visible()
    await page.get_by_role("group", name="Filters that hold").get_by_role("button", name="Patient").click()
    await expect(record_rows(page).filter(has_text="Access to a patient refused").first).to_contain_text("Refused")
    await page.go_back()
    await page.go_back()
    await expect(record_rows(page).filter(has_text="Created a patient")).to_have_count(1)
    assert "Zinnober" not in await page.get_by_role("grid").inner_text(), "the trail names no patient"


@pytest.mark.req("AUD-4")
async def test_a_record_is_opened_by_keyboard_says_all_it_knows_and_leads_to_others(
    system: System, new_screen: NewScreen, record: Record
) -> None:
    screen = await at_work(system, new_screen, Role.AUDITOR)
    page = screen.page
    await screen.go(f"/audit?patient={record.patient.id}")
    await record_rows(page).first.focus()
    await page.keyboard.press("End")
    await expect(page.locator("[data-row]:focus")).to_contain_text("Created a patient")
    await page.keyboard.press("Home")
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("[data-row='1']")).to_be_focused()
    await page.keyboard.press("End")
    await expect(page.locator("[data-row]:focus")).to_contain_text("Created a patient")  # which may have to be loaded
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("patients.created")
    await expect(dialog).to_contain_text(str(record.patient.id))
    await expect(dialog).to_contain_text("Administrator")
    await expect(dialog).to_contain_text('"event": "patients.created"')
    assert await screen.violations() == []
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(page.locator("[data-row]:focus")).to_contain_text("Created a patient")
    await page.keyboard.press("Enter")
    await dialog.get_by_role("button", name="Everything of this kind").click()
    await expect(page).to_have_url(f"{screen.url}/audit?event=patients.created")
    await expect(record_rows(page).filter(has_text="Created a patient").first).to_be_visible()


@pytest.mark.req("AUD-4")
async def test_a_long_trail_is_read_to_its_first_record_with_few_rows_in_the_page(
    system: System, api: Api, new_screen: NewScreen, record: Record
) -> None:
    for _ in range(MANY):
        await api.get_patient(record.patient.id)
    screen = await at_work(system, new_screen, Role.AUDITOR)
    page = screen.page
    await screen.go(f"/audit?patient={record.patient.id}")
    await record_rows(page).first.focus()
    first = page.get_by_text("This is the first record of what you may see.")
    while not await first.is_visible():
        assert await record_rows(page).count() < MANY / 2
        await page.keyboard.press("End")
        await page.wait_for_timeout(100)
    await page.keyboard.press("End")
    await expect(page.locator("[data-row]:focus")).to_contain_text("Created a patient")


@pytest.mark.req("AUD-4")
async def test_an_auditor_exports_what_the_filters_show_as_one_whole_file(
    system: System, new_screen: NewScreen, record: Record
) -> None:
    screen = await at_work(system, new_screen, Role.AUDITOR)
    page = screen.page
    await screen.go(f"/audit?patient={record.patient.id}&event=patients.viewed")
    await record_rows(page).first.wait_for()
    shown = await record_rows(page).count()
    await page.get_by_role("button", name="Export").click()
    panel = page.get_by_role("dialog")
    await panel.get_by_role("radiogroup", name="Format").get_by_text("JSON Lines").click()
    assert await screen.violations() == []
    async with page.expect_download() as download:
        await panel.get_by_role("button", name="Export", exact=True).click()
    await expect(panel.get_by_role("status")).to_contain_text(f"{shown} record")
    file = await download.value
    lines = [json.loads(line) for line in (await file.path()).read_text().splitlines()]
    assert file.suggested_filename.endswith(".jsonl")
    assert [line["record"]["event"] for line in lines[:-1]] == ["patients.viewed"] * shown
    assert lines[-1]["records"] == shown
    await page.keyboard.press("Escape")
    await screen.go("/audit?event=audit.exported")
    await expect(record_rows(page).first).to_contain_text("Auditor Test")


@pytest.mark.req("AUD-4")
async def test_an_export_that_is_cut_off_is_told_and_not_saved(
    system: System, new_screen: NewScreen, record: Record
) -> None:
    async def cut(_: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n"
        answer.write(head + b'd\r\n"position"\r\n\r\n')
        await answer.drain()
        answer.close()

    screen = await at_work(system, new_screen, Role.AUDITOR)
    page = screen.page
    saved: list[str] = []
    page.on("download", lambda download: saved.append(download.url))
    async with await asyncio.start_server(cut, "127.0.0.1", 0) as server:
        there = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        await page.route("**/api/v1/trail/export*", lambda route: route.continue_(url=there))
        await page.get_by_role("button", name="Export").click()
        panel = page.get_by_role("dialog")
        await panel.get_by_role("button", name="Export", exact=True).click()
        await expect(panel.get_by_role("alert")).to_contain_text("The export was cut off on its way")
    assert saved == []


@pytest.mark.req("AUD-3")
async def test_an_auditor_has_the_trail_verified_and_the_plain_verdict_stays(
    system: System, new_screen: NewScreen, record: Record
) -> None:
    screen = await at_work(system, new_screen, Role.AUDITOR)
    page = screen.page
    await page.get_by_role("button", name="Verify").click()
    panel = page.get_by_role("dialog")
    await panel.get_by_role("button", name="Verify all records").click()
    await expect(panel.get_by_role("heading", name="The trail is intact:")).to_be_visible()
    assert await screen.violations() == []
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Intact")).to_be_focused()
    await page.get_by_role("button", name="Auditor Test").click()
    await page.get_by_role("menuitem", name="Account").click()
    await expect(page.get_by_role("heading", name="Account", exact=True)).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("button", name="Intact")).to_be_visible()


@pytest.mark.req("AUD-4")
async def test_clinicians_see_a_patients_activity_in_words_and_nothing_of_the_trail(
    system: System, new_screen: NewScreen, record: Record
) -> None:
    screen = await at_work(system, new_screen, Role.CLINICIAN)
    page = screen.page
    await screen.go(f"/patients/{record.patient.id}/pool")
    await page.get_by_role("link", name="Activity").first.click()
    await expect(page.get_by_role("listitem").filter(has_text="Created a patient")).to_contain_text("Administrator")
    taken = page.get_by_role("listitem").filter(has_text="Took emergency access")
    await expect(taken.first).to_contain_text("Clinician Test")
    assert await screen.violations() == []
    await page.get_by_role("radiogroup", name="Kind of action").get_by_text("Added").click()
    await expect(page.get_by_role("listitem").filter(has_text="Opened a patient record")).to_have_count(0)
    await expect(page.get_by_role("listitem").filter(has_text="Created a patient")).to_be_visible()
    await expect(page.get_by_role("link", name="Audit Trail")).to_have_count(0)
    await screen.go("/audit")
    await expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()


@pytest.mark.req("AUD-4")
async def test_photographers_see_no_activity(system: System, new_screen: NewScreen, record: Record) -> None:
    screen = await at_work(system, new_screen, Role.PHOTOGRAPHER)
    await screen.go(f"/patients/{record.patient.id}/activity")
    await expect(screen.page.get_by_role("heading", name="Nothing here")).to_be_visible()
    await expect(screen.page.get_by_role("link", name="Activity")).to_have_count(0)


@pytest.mark.req("AUD-4")
async def test_a_site_administrator_finds_a_colleague_by_name_and_is_led_from_activity_to_the_trail_in_french(
    system: System, new_screen: NewScreen, record: Record
) -> None:
    screen = await at_work(system, new_screen, Role.SITE_ADMIN)
    page = screen.page
    await screen.go("/account")
    await page.get_by_text("Français").click()
    await expect(page.get_by_role("heading", name="Compte")).to_be_visible()
    await screen.go(f"/patients/{record.patient.id}/activity")
    await page.get_by_role("link", name="Ouvrir dans le journal").click()
    await expect(page.get_by_role("heading", name=re.compile("^Journal d.audit$"))).to_be_visible()
    await expect(record_rows(page).filter(has_text="Patient créé")).to_have_count(1)
    await expect(page.get_by_role("button", name="Vérifier")).to_have_count(0)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.get_by_role("button", name="Filtres", exact=True).click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_role("combobox", name="Qui", exact=True).fill("Administrator")
    await page.get_by_role("option").filter(has_text="admin").first.click()
    await drawer.get_by_role("button", name="Afficher").click()
    await expect(page.get_by_role("group", name="Filtres appliqués").get_by_role("button", name="Qui")).to_be_visible()
    assert not [url for url in [*asked, page.url] if "Administrator" in url]
    assert await screen.violations() == []
