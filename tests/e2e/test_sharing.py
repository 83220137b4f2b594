"""Patients of other sites: shared, and opened in an emergency."""

import secrets
from dataclasses import dataclass
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import expect

from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.patients import PatientView
from dermfolio.ops.api_client import Api

from .colleagues import engage
from .conftest import NewScreen, System
from .screen import Screen

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("e2e"), pytest.mark.timeout(300)]

REASON = "Unconscious after a fall, skin findings unknown"


@dataclass
class Elsewhere:
    """Another site, and a patient of the first one."""

    site: UUID
    name: str
    patient: PatientView


@pytest_asyncio.fixture(loop_scope="session")
async def elsewhere(api: Api) -> Elsewhere:
    name = f"Hautklinik {secrets.token_hex(3)}"
    site = await api.create_site(name, "Pacific/Auckland")
    return Elsewhere(site.id, name, await api.create_patient(f"e2e-{secrets.token_hex(4)}", last_name="Zinnober"))


async def at_work(system: System, new_screen: NewScreen, site: UUID, role: Role) -> Screen:
    screen = await new_screen(signed_in=False)
    await screen.sign_in(await engage(system, role, site=site), system.password or "")
    return screen


@pytest.mark.req("ORG-1")
async def test_a_patient_is_shared_with_another_site_whose_people_work_on_the_record_until_it_is_taken_back(
    system: System, screen: Screen, new_screen: NewScreen, elsewhere: Elsewhere
) -> None:
    there = await at_work(system, new_screen, elsewhere.site, Role.PHOTOGRAPHER)
    await expect(there.page.get_by_text("No patients yet")).to_be_visible()

    await screen.go(f"/patients/{elsewhere.patient.id}/pool")
    await screen.page.get_by_role("link", name="Sharing").first.click()
    await screen.page.get_by_role("combobox", name="Share with").click()
    await screen.page.get_by_role("option", name=elsewhere.name).click()
    await screen.page.get_by_role("button", name="Share", exact=True).click()
    await expect(screen.page.get_by_text(f"Shared with {elsewhere.name}.")).to_be_visible()
    assert await screen.violations() == []

    await there.go("/patients")
    await there.page.get_by_role("link", name="Zinnober").click()
    await expect(there.page.get_by_role("group", name="Patient")).to_contain_text("Main site")
    await there.page.get_by_role("link", name="Image Pool").first.click()
    await expect(there.page.get_by_role("button", name="Upload").first).to_be_enabled()
    await expect(there.page.get_by_role("link", name="Sharing")).to_have_count(0)
    await expect(there.page.locator("[data-connection=live]")).to_be_attached()

    await screen.page.get_by_role("button", name="Stop sharing").click()
    dialog = screen.page.get_by_role("dialog")
    await expect(dialog).to_contain_text(f"The people of {elsewhere.name} no longer see this patient.")
    await dialog.get_by_role("button", name="Stop sharing").click()
    await expect(there.page.get_by_text("This does not exist, or you may not see it.")).to_be_visible()
    await expect(there.page.get_by_text("Zinnober")).to_have_count(0)


@pytest.mark.req("ORG-8")
async def test_in_an_emergency_a_clinician_of_another_site_sees_the_record_and_its_administrator_sees_who_did(
    system: System, screen: Screen, new_screen: NewScreen, elsewhere: Elsewhere
) -> None:
    there = await at_work(system, new_screen, elsewhere.site, Role.CLINICIAN)
    page = there.page
    await page.get_by_role("link", name="Emergency Access").click()
    await page.get_by_role("button", name="Open the record").click()
    await expect(page.get_by_label("Reason")).to_have_attribute("aria-invalid", "true")
    await page.get_by_label("Reason").fill(REASON)
    await page.get_by_label("Unique ID of the patient").fill(f"{elsewhere.patient.unique_id}x")
    await page.get_by_role("button", name="Open the record").click()
    await expect(page.get_by_text("This does not exist, or you may not see it.")).to_be_visible()
    assert await there.violations() == []
    await page.get_by_label("Unique ID of the patient").fill(elsewhere.patient.unique_id.upper())
    await page.get_by_role("button", name="Open the record").click()
    await expect(page.get_by_role("group", name="Patient")).to_contain_text("Zinnober")
    await expect(page.get_by_role("group", name="Patient")).to_contain_text("Emergency access until")
    await expect(page.get_by_role("button", name="Upload").first).to_be_disabled()
    await expect(page.locator("[data-connection=live]")).to_be_attached()
    assert elsewhere.patient.unique_id not in page.url

    await screen.go("/administration/emergency")
    mine = screen.page.get_by_role("listitem").filter(has_text=REASON).filter(has_text="Clinician Test").first
    await expect(mine).to_contain_text(elsewhere.patient.unique_id)
    await expect(mine).to_contain_text("Main site")
    assert await screen.violations() == []
    await mine.get_by_role("button", name="End now").click()
    await screen.page.get_by_role("dialog").get_by_role("button", name="End now").click()
    await expect(page.get_by_text("This does not exist, or you may not see it.")).to_be_visible()
    await expect(mine).to_contain_text("ended at")


@pytest.mark.req("ORG-8")
async def test_who_may_see_the_patient_anyway_is_led_to_the_record(screen: Screen, elsewhere: Elsewhere) -> None:
    await screen.go("/emergency")
    await screen.page.get_by_label("Unique ID of the patient").fill(elsewhere.patient.unique_id)
    await screen.page.get_by_label("Reason").fill(REASON)
    await screen.page.get_by_role("button", name="Open the record").click()
    await expect(screen.page.get_by_text("You may see this patient anyway.")).to_be_visible()
    await screen.page.get_by_role("link", name="Open the existing record").click()
    await expect(screen.page).to_have_url(f"{screen.url}/patients/{elsewhere.patient.id}/pool")


@pytest.mark.req("ORG-8")
async def test_viewers_find_no_emergency_access(system: System, new_screen: NewScreen, elsewhere: Elsewhere) -> None:
    there = await at_work(system, new_screen, elsewhere.site, Role.VIEWER)
    await expect(there.page.get_by_role("link", name="Emergency Access")).to_have_count(0)
    await there.go("/emergency")
    await expect(there.page.get_by_role("heading", name="Nothing here")).to_be_visible()
