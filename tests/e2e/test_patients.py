"""The Patient Database and creating a patient."""

import secrets
from collections import Counter
from uuid import uuid4

import pytest
from playwright.async_api import expect

from dermfolio.contracts.roles import Role
from dermfolio.ops.api_client import Api

from .colleagues import engage
from .conftest import NewScreen, System
from .screen import Screen

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("e2e"), pytest.mark.timeout(300)]


@pytest.mark.req("PAT-1", "PAT-5", "PAT-7")
async def test_a_patient_is_created_with_nothing_but_an_id_and_named_nowhere_but_on_the_page(screen: Screen) -> None:
    page, unique_id = screen.page, f"e2e-{secrets.token_hex(4)}"
    await page.get_by_role("link", name="Create Patient").first.click()
    await page.get_by_label("Unique ID").fill(unique_id.upper())
    await page.get_by_label("Last name").fill("Zinnober")
    await page.get_by_role("button", name="Create patient").click()
    await expect(page.get_by_text(f"Patient {unique_id} was created.")).to_be_visible()
    banner = page.get_by_role("group", name="Patient")
    await expect(banner).to_contain_text("Zinnober")
    await expect(banner).to_contain_text(unique_id)
    await expect(page).to_have_title("Entries · Dermfolio")
    await page.wait_for_url("**/entries")
    assert unique_id not in page.url
    await page.get_by_role("link", name="Patient Database").first.click()
    await page.get_by_role("link", name=f"Zinnober {unique_id}").click()
    await expect(banner).to_contain_text(unique_id)


@pytest.mark.req("PAT-1")
async def test_a_taken_id_is_refused_beside_its_field_and_leads_to_the_existing_record(
    screen: Screen, api: Api
) -> None:
    unique_id = f"e2e-{secrets.token_hex(4)}"
    existing = await api.create_patient(unique_id, first_name="Walburga")
    page = screen.page
    await screen.go("/patients/new")
    await page.get_by_label("Unique ID").fill(unique_id)
    await page.get_by_role("button", name="Create patient").click()
    await expect(page.get_by_text("A patient with this unique ID exists already")).to_be_visible()
    assert await screen.violations() == []
    await page.get_by_role("link", name="Open the existing record").click()
    await expect(page).to_have_url(f"{screen.url}/patients/{existing.id}/pool")


@pytest.mark.req("PAT-1")
async def test_what_cannot_be_an_id_is_said_before_anything_is_sent(screen: Screen) -> None:
    page = screen.page
    await screen.go("/patients/new")
    await page.get_by_label("Unique ID").fill("not an id!")
    await page.get_by_role("button", name="Create patient").click()
    await expect(page.get_by_label("Unique ID")).to_have_attribute("aria-invalid", "true")


@pytest.mark.req("PAT-2")
async def test_everything_that_is_typed_about_a_patient_is_kept(screen: Screen, api: Api) -> None:
    page, unique_id = screen.page, f"e2e-{secrets.token_hex(4)}"
    await screen.go("/patients/new")
    typed = {"first_name": "Walburga", "last_name": "Zinnober", "email": "w@example.org", "notes": "Juckreiz\nseit Mai"}
    for label, value in (
        ("Unique ID", unique_id),
        ("First name", typed["first_name"]),
        ("Last name", typed["last_name"]),
        ("Date of birth", "1984-03-12"),
        ("E-mail", typed["email"]),
        ("Notes", typed["notes"]),
    ):
        await page.get_by_label(label).fill(value)
    await page.get_by_role("combobox", name="Skin phototype").click()
    await page.get_by_role("option", name="II ·").first.click()
    await page.get_by_role("button", name="Add a record number").click()
    await page.get_by_label("Issuing system").fill("hospital")
    await page.get_by_label("Record number", exact=True).fill("7/1984")
    await page.get_by_role("button", name="Create patient").click()
    await page.wait_for_url("**/entries")
    kept = await api.get_patient(page.url.split("/")[-2])  # type: ignore[arg-type]
    assert typed == {name: getattr(kept, name) for name in typed}
    assert (str(kept.date_of_birth), kept.phototype) == ("1984-03-12", "II")
    assert [(n.system, n.number) for n in kept.record_numbers] == [("hospital", "7/1984")]
    await expect(page.get_by_role("group", name="Patient")).to_contain_text("Mar 12, 1984")


@pytest.mark.req("ORG-1")
async def test_a_viewer_sees_and_is_told_that_uploads_are_not_theirs(
    system: System, api: Api, new_screen: NewScreen
) -> None:
    patient = await api.create_patient(f"e2e-{secrets.token_hex(4)}")
    login = await engage(system, Role.VIEWER)
    screen = await new_screen(signed_in=False)
    await screen.sign_in(login, system.password or "")
    await screen.go(f"/patients/{patient.id}/pool")
    await expect(screen.page.get_by_text("Your role does not allow uploads at this site.").first).to_be_visible()


async def test_a_patient_that_is_none_is_said_in_words_and_not_asked_for_again(screen: Screen) -> None:
    nobody = f"/patients/{uuid4()}"
    asked = Counter[str]()  # each is a refusal in the audit trail
    screen.page.on("response", lambda response: asked.update([response.url] if nobody in response.url else []))
    await screen.go(f"{nobody}/pool")
    await expect(screen.page.get_by_text("This does not exist, or you may not see it.")).to_be_visible()
    await expect(screen.page.get_by_role("button", name="Try again")).to_have_count(0)
    await expect(screen.page.locator("[data-connection=live]")).to_be_attached()
    await screen.page.wait_for_timeout(2_000)
    assert max(asked.values()) == 1, asked
    await screen.go("/no/such/page")
    await expect(screen.page.get_by_role("heading", name="Nothing here")).to_be_visible()
