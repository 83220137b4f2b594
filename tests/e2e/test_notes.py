"""The notes of an entry in two browsers at once: saved, merged, never overwritten; and who else is here."""

import asyncio
import secrets
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.entries import EntryView
from dermfolio.ops.api_client import Api

from .colleagues import engage
from .conftest import NewScreen, System
from .screen import Screen

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("e2e"),
    pytest.mark.timeout(300),
    pytest.mark.req("ENT-3"),
]

BEFORE = "Face: clear.\nTrunk: two naevi.\nLegs: clear."
SAVED = "All changes saved"


@dataclass
class Two:
    """Two users with the same entry open."""

    here: Screen
    there: Screen
    entry: EntryView


@pytest_asyncio.fixture(loop_scope="session")
async def entry(api: Api) -> EntryView:
    patient = await api.create_patient(f"e2e-{secrets.token_hex(4)}", last_name="Vermeer")
    entry = await api.create_entry(patient.id)
    await api.save_notes(patient.id, entry.id, BEFORE, base_version=0)
    return entry


@pytest_asyncio.fixture(loop_scope="session")
async def two(system: System, screen: Screen, new_screen: NewScreen, entry: EntryView) -> Two:
    there = await new_screen(signed_in=False)
    await there.sign_in(await engage(system, Role.CLINICIAN), system.password or "")
    for one in (screen, there):
        await look_at(one, entry)
    return Two(screen, there, entry)


async def look_at(screen: Screen, entry: EntryView) -> None:
    await screen.go(f"/patients/{entry.patient}/entries/{entry.id}")
    await expect(notes(screen)).to_have_value(BEFORE)
    await expect(screen.page.locator("[data-connection=live]")).to_be_attached()


def notes(screen: Screen) -> Locator:
    return screen.page.get_by_role("textbox", name="Notes")


def status(screen: Screen, text: str) -> Locator:
    return screen.page.get_by_role("status", name=text)


async def put_caret(screen: Screen, behind: str) -> None:
    """Click into the notes, behind some words."""
    await notes(screen).evaluate(
        "(area, words) => { area.focus(); const at = area.value.indexOf(words) + words.length;"
        " area.setSelectionRange(at, at); }",
        behind,
    )


async def caret(screen: Screen) -> str:
    """What stands before the caret in its line."""
    before: str = await notes(screen).evaluate("area => area.value.slice(0, area.selectionStart)")
    return before.rsplit("\n", maxsplit=1)[-1]


async def test_two_who_write_at_once_in_different_paragraphs_both_stay_and_keep_their_carets(
    two: Two, api: Api
) -> None:
    await put_caret(two.here, "Face: clear.")
    await put_caret(two.there, "Legs: clear.")
    await asyncio.gather(
        two.here.page.keyboard.type(" A new macule on the left cheek.", delay=40),
        two.there.page.keyboard.type(" Dry skin on both shins.", delay=55),
    )
    both = "Face: clear. A new macule on the left cheek.\nTrunk: two naevi.\nLegs: clear. Dry skin on both shins."
    for one in (two.here, two.there):
        await expect(notes(one)).to_have_value(both)
        await expect(status(one, SAVED)).to_be_attached()
    assert await caret(two.here) == "Face: clear. A new macule on the left cheek."
    assert await caret(two.there) == "Legs: clear. Dry skin on both shins."
    assert (await api.get_notes(two.entry.patient, two.entry.id)).text == both


async def test_the_same_paragraph_in_two_versions_is_offered_to_who_came_second_and_both_can_stay(
    two: Two, api: Api
) -> None:
    page = two.there.page
    await two.there.context.set_offline(True)
    await put_caret(two.there, "Trunk: two naevi")
    await page.keyboard.type(", one irregular")
    await put_caret(two.here, "Trunk: two naevi")
    await two.here.page.keyboard.type(", 3 mm and 5 mm")
    await expect(status(two.here, SAVED)).to_be_attached()
    await two.there.context.set_offline(False)

    panel = page.get_by_role("alert").filter(has_text="changed the same paragraph")
    await expect(panel).to_be_visible()
    await expect(panel).to_contain_text("Trunk: two naevi, one irregular.")
    await expect(panel).to_contain_text("Trunk: two naevi, 3 mm and 5 mm.")
    await expect(notes(two.there)).to_have_value("Face: clear.\nTrunk: two naevi, one irregular.\nLegs: clear.")
    await expect(status(two.there, "Not saved yet")).to_be_attached()
    assert await two.there.violations() == []
    await panel.get_by_role("radio", name="Keep both").check()
    await panel.get_by_role("button", name="Save this").click()
    both = "Face: clear.\nTrunk: two naevi, 3 mm and 5 mm.\nTrunk: two naevi, one irregular.\nLegs: clear."
    for one in (two.here, two.there):
        await expect(notes(one)).to_have_value(both)
        await expect(status(one, SAVED)).to_be_attached()
    assert (await api.get_notes(two.entry.patient, two.entry.id)).text == both


async def test_what_is_typed_offline_is_said_to_be_pending_and_saved_when_the_network_is_back(
    two: Two, api: Api
) -> None:
    await two.here.context.set_offline(True)
    await put_caret(two.here, "Legs: clear.")
    await two.here.page.keyboard.type(" Control in 3 months.")
    await expect(status(two.here, "Offline — 1 change pending")).to_be_attached()
    await two.here.context.set_offline(False)
    await expect(status(two.here, SAVED)).to_be_attached()
    await expect(notes(two.there)).to_have_value(f"{BEFORE} Control in 3 months.")
    assert (await api.get_notes(two.entry.patient, two.entry.id)).text == f"{BEFORE} Control in 3 months."


async def test_closing_and_signing_out_with_something_pending_warn(two: Two) -> None:
    page = two.here.page
    await two.here.context.set_offline(True)
    await put_caret(two.here, "Legs: clear.")
    await page.keyboard.type(" Pending.")
    await expect(status(two.here, "Offline — 1 change pending")).to_be_attached()
    asked: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def answer(dialog: object) -> None:
        asked.set_result(dialog.type)  # type: ignore[attr-defined]
        await dialog.dismiss()  # type: ignore[attr-defined]

    page.once("dialog", answer)
    await page.close(run_before_unload=True)
    assert await asyncio.wait_for(asked, 30) == "beforeunload"

    await page.get_by_role("button", name="Administrator").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    question = page.get_by_role("dialog", name="Not everything is saved")
    await expect(question).to_contain_text("One change is not kept by the server yet.")
    await question.get_by_role("button", name="Stay and save").click()
    await two.here.context.set_offline(False)
    await expect(status(two.here, SAVED)).to_be_attached()


async def test_what_was_typed_when_the_session_ended_is_saved_after_the_next_sign_in(
    system: System, two: Two, api: Api
) -> None:
    page = two.there.page
    login = await page.evaluate("fetch('/api/v1/session').then(r => r.json()).then(s => s.login)")
    await two.there.context.clear_cookies()
    await put_caret(two.there, "Legs: clear.")
    await page.keyboard.insert_text(" Typed too late.")  # at once: the page may leave at the first pause
    await expect(page).to_have_url(f"{two.there.url}/sign-in")
    await page.get_by_label("User name").fill(login)
    await page.get_by_label("Password", exact=True).fill(system.password or "")
    await page.get_by_role("button", name="Sign in").click()
    await expect(status(two.there, SAVED)).to_be_attached()
    await expect(notes(two.here)).to_have_value(f"{BEFORE} Typed too late.")


async def test_who_else_has_the_entry_open_is_shown_until_they_leave(two: Two) -> None:
    here = two.here.page.get_by_role("group", name="Also here")
    await expect(here.get_by_role("img", name="Clinician Test has this entry open")).to_be_visible()
    assert await two.here.violations() == []
    await two.there.page.get_by_role("link", name="Image Pool").first.click()
    await expect(here.get_by_role("img", name="Clinician Test has this patient open")).to_be_visible()
    await two.there.page.close()
    await expect(here).to_have_count(0)


async def test_earlier_versions_say_whose_they_are_and_can_be_restored(two: Two, api: Api) -> None:
    await notes(two.there).fill("All gone")
    await expect(status(two.there, SAVED)).to_be_attached()
    await expect(notes(two.here)).to_have_value("All gone")
    await two.here.page.get_by_role("button", name="Earlier versions").click()
    drawer = two.here.page.get_by_role("dialog", name="Versions of the notes")
    await expect(drawer).to_contain_text("Clinician Test")
    await drawer.get_by_role("button").filter(has_text="Administrator").first.click()
    await expect(drawer).to_contain_text("Trunk: two naevi.")
    assert await two.here.violations() == []
    await drawer.get_by_role("button", name="Restore this version").click()
    for one in (two.here, two.there):
        await expect(notes(one)).to_have_value(BEFORE)
    assert (await api.get_notes(two.entry.patient, two.entry.id)).text == BEFORE


async def test_who_may_not_write_reads_the_notes(system: System, new_screen: NewScreen, entry: EntryView) -> None:
    viewer = await new_screen(signed_in=False)
    await viewer.sign_in(await engage(system, Role.VIEWER), system.password or "")
    await viewer.go(f"/patients/{entry.patient}/entries/{entry.id}")
    await expect(viewer.page.get_by_text("Trunk: two naevi.")).to_be_visible()
    await expect(notes(viewer)).to_have_count(0)
