"""A patient's entries: the timeline, one visit, and what others see of it at once."""

import re
import secrets
from uuid import UUID

import pytest
from playwright.async_api import expect

from dermfolio.contracts.roles import Role
from dermfolio.ops.api_client import Api

from .colleagues import engage
from .conftest import NewScreen, System
from .screen import Screen

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("e2e"), pytest.mark.timeout(300)]

SAVED = "All changes saved"
ZURICH = "Europe/Zurich"


async def _at_work(system: System, new_screen: NewScreen, role: Role, site: UUID | None = None) -> Screen:
    login = await engage(system, role, site=site)
    there = await new_screen(signed_in=False)
    await there.sign_in(login, system.password or "")
    return there


@pytest.mark.req("ENT-1", "ENT-3", "PAT-3")
async def test_an_entry_is_created_and_dated_and_a_colleague_sees_it_at_once(
    system: System, api: Api, screen: Screen, new_screen: NewScreen
) -> None:
    patient = (await api.create_patient(f"e2e-{secrets.token_hex(4)}", first_name="Anna", last_name="Berg")).id
    colleague = await _at_work(system, new_screen, Role.CLINICIAN)
    for one in (screen, colleague):
        await one.go(f"/patients/{patient}")
        await expect(one.page.get_by_role("heading", name="No entries yet")).to_be_visible()
        await expect(one.page).to_have_title("Entries · Dermfolio")
    assert await screen.violations() == []

    await screen.page.get_by_role("button", name="New entry").click()
    await screen.page.wait_for_url("**/entries/*")
    await expect(screen.page.get_by_text("Created by")).to_be_visible()
    await colleague.page.get_by_role("link", name="Entry of").click()
    await expect(colleague.page.get_by_role("heading", name="Entry", exact=True)).to_be_visible()

    here, there = (one.page.get_by_label("Appointment") for one in (screen, colleague))
    await here.fill("2026-03-12T09:30")
    await expect(there).to_have_value("2026-03-12T09:30")
    await expect(screen.page.get_by_role("status", name=SAVED)).to_be_visible()
    await there.fill("2026-04-01T14:05")
    await expect(here).to_have_value("2026-04-01T14:05")
    assert await screen.violations() == []

    await screen.page.get_by_role("link", name="All entries").click()
    await expect(screen.page.get_by_role("link", name="Entry of Apr 1, 2026")).to_be_visible()
    await expect(screen.page.get_by_text("1 entry", exact=True)).to_be_visible()
    record = await api.get_patient(patient)
    assert (record.entry_count, str(record.last_appointment)[:10]) == (1, "2026-04-01")


@pytest.mark.req("ENT-2")
async def test_folded_sections_stay_folded_for_their_user_in_every_browser(
    system: System, api: Api, screen: Screen, new_screen: NewScreen
) -> None:
    patient = (await api.create_patient(f"e2e-{secrets.token_hex(4)}")).id
    entry, other = [(await api.create_entry(patient)).id for _ in range(2)]
    names = ("Workspace", "Comparisons", "Tags & Notes")

    async def open_in(one: Screen, which: UUID = entry) -> list[str]:
        await one.go(f"/patients/{patient}/entries/{which}")
        headings = one.page.get_by_role("main").get_by_role("button", expanded=None).and_(one.page.locator("h2 button"))
        await expect(headings).to_have_count(len(names))
        return [
            name
            for name in names
            if await one.page.get_by_role("button", name=re.compile(f"^{name}")).get_attribute("aria-expanded")
            == "true"
        ]

    assert await open_in(screen) == list(names)
    await screen.page.get_by_role("button", name="Comparisons").click()
    await expect(screen.page.get_by_text("No comparisons in this entry")).to_be_hidden()
    await expect(screen.page.get_by_role("status", name=SAVED)).to_be_visible()
    assert await open_in(await new_screen()) == ["Workspace", "Tags & Notes"]
    assert await open_in(screen, other) == list(names), "each entry has its own"
    colleague = await _at_work(system, new_screen, Role.CLINICIAN)
    assert await open_in(colleague) == list(names), "and each user"


@pytest.mark.req("ENT-1")
async def test_the_hour_that_clocks_skip_is_no_appointment_and_the_one_that_comes_twice_is_asked_for(
    system: System, api: Api, new_screen: NewScreen
) -> None:
    site = (await api.create_site(f"Zürich {secrets.token_hex(3)}", ZURICH)).id
    login = await engage(system, Role.CLINICIAN, site=site)
    async with Api(system.url) as there:
        await there.sign_in(login, system.password or "")
        patient = (await there.create_patient(f"e2e-{secrets.token_hex(4)}")).id
        entry = await there.create_entry(patient, appointment="2026-03-12T09:30:00+01:00")
        screen = await new_screen(signed_in=False)
        await screen.sign_in(login, system.password or "")
        await screen.go(f"/patients/{patient}/entries/{entry.id}")
        field = screen.page.get_by_label("Appointment")
        await expect(field).to_have_value("2026-03-12T09:30")

        await field.fill("2026-03-29T02:30")
        await expect(screen.page.get_by_text("Clocks skip this time on that day.")).to_be_visible()
        assert await screen.violations() == []
        await field.fill("2026-10-25T02:30")
        await screen.page.get_by_label("After the clocks were put back (GMT+1)").check()
        await expect(screen.page.get_by_role("status", name=SAVED)).to_be_visible()
        assert await screen.violations() == []
        kept = (await there.get_entry(patient, entry.id)).appointment
        assert kept.isoformat() == "2026-10-25T01:30:00+00:00"


@pytest.mark.req("ENT-3")
async def test_what_is_changed_without_a_network_waits_and_is_saved_when_it_is_back(screen: Screen, api: Api) -> None:
    patient = (await api.create_patient(f"e2e-{secrets.token_hex(4)}")).id
    entry = (await api.create_entry(patient)).id
    await screen.go(f"/patients/{patient}/entries/{entry}")
    field = screen.page.get_by_label("Appointment")
    await expect(screen.page.get_by_text("Created by")).to_be_visible()
    await screen.context.set_offline(True)
    await field.fill("2026-03-12T09:30")
    await expect(screen.page.get_by_role("status", name="Offline — 1 change pending")).to_be_visible()
    await screen.context.set_offline(False)
    await expect(screen.page.get_by_role("status", name=SAVED)).to_be_visible()
    assert str((await api.get_entry(patient, entry)).appointment)[:10] == "2026-03-12"


@pytest.mark.req("ENT-1")
async def test_a_viewer_reads_entries_and_creates_none(system: System, api: Api, new_screen: NewScreen) -> None:
    patient = (await api.create_patient(f"e2e-{secrets.token_hex(4)}")).id
    viewer = await _at_work(system, new_screen, Role.VIEWER)
    await viewer.go(f"/patients/{patient}/entries")
    await expect(viewer.page.get_by_text("create entries.")).to_be_visible()
    entry = (await api.create_entry(patient)).id
    await viewer.page.get_by_role("link", name="Entry of").click()
    await viewer.page.wait_for_url(f"**/entries/{entry}")
    await expect(viewer.page.get_by_label("Appointment")).to_have_attribute("readonly", "")
