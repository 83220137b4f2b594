"""The licence in real browsers: its five states, what each means to the others, and how the next one is installed."""

import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from dermfolio.common.licences import Licence, issue
from dermfolio.contracts.messages import now
from dermfolio.contracts.roles import Role
from dermfolio.local.licence import evaluation_key
from dermfolio.ops.api_client import Api

from .colleagues import engage
from .conftest import NewScreen, System
from .screen import Screen
from .seen_directly import rows

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("e2e"),
    pytest.mark.timeout(600),
    pytest.mark.req("LIC-1", "POOL-18"),
]

PAGE = "/administration/licence"


class Office:
    """Issues licences with the key of the evaluation."""

    def __init__(self, system: System) -> None:
        self._system = system

    def issued(self, *, days: float = 365, licensee: str = "Hautzentrum Zürich", sites: int | None = None) -> bytes:
        """A licence that ends in so many days."""
        moment = now().replace(microsecond=0)
        end = moment + timedelta(days=days, hours=1)
        began = min(moment, end) - timedelta(days=1)
        fields: dict[str, Any] = {"id": uuid4(), "licensee": licensee, "profile": "evaluation", "sites": sites}
        licence = Licence(**fields, valid_from=began, valid_until=end, issued_at=began)
        return issue(licence, evaluation_key(self._system.stack.secrets))

    async def put(self, file: bytes | None) -> None:
        """Make it the installed one, as time or a hand in the database would."""
        text = None if file is None else file.decode()
        await rows(self._system.stack, "identity", "UPDATE licence SET file = $1", text)


@pytest_asyncio.fixture(loop_scope="session")
async def office(system: System, api: Api) -> AsyncIterator[Office]:
    office = Office(system)
    yield office
    await office.put(office.issued())
    await api.install_licence(office.issued(licensee="Evaluation"))


@pytest_asyncio.fixture(loop_scope="session")
async def pool(system: System, api: Api, new_screen: NewScreen) -> Screen:
    """The empty pool of a patient, before a photographer."""
    patient = (await api.create_patient(f"e2e-{secrets.token_hex(4)}")).id
    there = await new_screen(signed_in=False)
    await there.sign_in(await engage(system, Role.PHOTOGRAPHER), system.password or "")
    await there.go(f"/patients/{patient}/pool")
    await expect(there.page.locator("[data-connection=live]")).to_be_attached()
    return there


def banner(page: Page) -> Any:
    return page.get_by_role("complementary", name="Licence")


async def test_a_licence_is_pasted_dropped_or_chosen_and_one_that_is_not_usable_says_why(
    office: Office, screen: Screen, tmp_path: Path
) -> None:
    page = screen.page
    await page.get_by_role("link", name="Licence").click()
    await expect(page.get_by_role("status").filter(has_text="The licence is in force.")).to_be_visible()
    await expect(page.get_by_text("any number allowed")).to_be_visible()
    assert await screen.violations() == []

    file, install = page.get_by_label("Licence file"), page.get_by_role("button", name="Install")
    await expect(install).to_be_disabled()
    for content, words in (
        (b"a letter", "is not a licence of Dermfolio"),
        (office.issued()[:-30], "its end is missing"),
        (office.issued().replace(b"unlimited", b"900"), "changed after it was signed"),
        (office.issued(days=-3), "has expired"),
    ):
        await file.fill(content.decode())
        await install.click()
        await expect(page.get_by_role("alert").filter(has_text=words)).to_contain_text("Nothing was changed.")
    assert await screen.violations() == []
    await expect(page.get_by_text("any number allowed")).to_be_visible()

    dropped, chosen = tmp_path / "next.licence", tmp_path / "after.licence"
    dropped.write_bytes(office.issued(days=20, licensee="Klinik am Berg", sites=400))
    await screen.drop_files("textarea", dropped)
    await install.click()
    await expect(page.get_by_text("Klinik am Berg")).to_be_visible()
    await expect(page.get_by_text("of 400 in use")).to_be_visible()
    await expect(banner(page)).to_contain_text("The licence expires in 20 days.")
    # as a mail program on Windows leaves it
    chosen.write_bytes(b"\r\n" + office.issued(licensee="Klinik am See").replace(b"\n", b"\r\n") + b" ")
    await page.locator("input[type=file]").set_input_files(chosen)
    await install.press("Enter")
    await expect(page.get_by_text("Klinik am See")).to_be_visible()
    await expect(banner(page)).to_have_count(0)


@pytest.mark.parametrize(
    ("days", "state", "told_admin", "told_photographer"),
    [
        (365, "The licence is in force.", None, None),
        (10, "The licence expires within 30 days.", "expires in 10 days", None),
        (-3, "The licence has expired.", "the licence expired on", "the licence expired on"),
        (None, "No licence is installed.", "has no licence", "has no licence"),
        ("forged", "changed after it was signed", "is not valid", "is not valid"),
    ],
    ids=["valid", "expiring", "expired", "missing", "invalid"],
)
async def test_each_state_is_seen_at_once_by_who_manages_and_by_who_adds_photographs(
    office: Office,
    screen: Screen,
    pool: Screen,
    days: float | str | None,
    state: str,
    told_admin: str | None,
    told_photographer: str | None,
) -> None:
    await screen.go(PAGE)
    await expect(screen.page.get_by_role("button", name="Install")).to_be_visible()
    file = office.issued(days=days) if isinstance(days, int) else None
    await office.put(office.issued().replace(b"unlimited", b"9") if days == "forged" else file)
    await expect(screen.page.get_by_role("status").filter(has_text=state)).to_be_visible()
    upload = pool.page.get_by_role("button", name="Upload").first
    for page, told in ((screen.page, told_admin), (pool.page, told_photographer)):
        if told is None:
            await expect(banner(page)).to_have_count(0)
        else:
            await expect(banner(page)).to_contain_text(told)
    if told_photographer is None:
        await expect(upload).to_be_enabled()
    else:
        await expect(upload).to_have_attribute("aria-disabled", "true")
        await expect(banner(pool.page)).to_contain_text("Ask your administrator.")
    assert await screen.violations() == []
    assert await pool.violations() == []
    if told_photographer is not None:
        await upload.focus()
        await expect(pool.page.get_by_role("tooltip")).to_contain_text(told_photographer)


async def test_the_next_licence_opens_the_pool_again_without_a_reload(
    office: Office, pool: Screen, api: Api, tmp_path: Path
) -> None:
    await office.put(None)
    await expect(banner(pool.page)).to_be_visible()
    file = tmp_path / "arm.jpg"
    file.write_bytes(b"\xff\xd8\xff\xd9")
    await pool.drop_files("h1", file)
    await expect(pool.page.get_by_role("alert").filter(has_text="has no licence")).to_be_visible()
    await api.install_licence(office.issued())
    await expect(banner(pool.page)).to_have_count(0)
    await expect(pool.page.get_by_role("button", name="Upload").first).to_be_enabled()
