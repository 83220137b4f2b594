"""Signing in by a provider, which is another site to the browser."""

import pytest
from playwright.async_api import Page, Request, expect

from .conftest import NewScreen, System

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("e2e"), pytest.mark.timeout(300)]


async def choose(page: Page, somebody: str) -> None:
    """Go to the provider, and be somebody there."""
    # the provider's page would fetch its style from the network
    await page.route("https://cdn.jsdelivr.net/**", lambda route: route.fulfill(content_type="text/css", body=""))
    await page.get_by_role("link", name="Sign in with Clinic account").click()
    await page.get_by_role("button", name=somebody).click()


@pytest.mark.req("ORG-6")
async def test_who_comes_back_from_the_provider_is_signed_in_on_the_first_page(
    system: System, new_screen: NewScreen
) -> None:
    screen = await new_screen(signed_in=False)
    page = screen.page
    start: list[Request] = []
    page.on("request", lambda request: start.append(request) if request.url == f"{system.url}/" else None)
    await screen.go("/sign-in")
    await page.get_by_role("link", name="Sign in with Clinic account").wait_for()
    assert await screen.violations() == []
    await choose(page, "iris")
    await expect(page.get_by_role("heading", name="Patient Database")).to_be_visible()
    [first] = start
    sent = (await first.all_headers()).get("cookie", "")
    assert "dermfolio_session=" in sent, "the Strict cookie goes with the first page already"
    assert "oidc" not in sent, "the attempt is over"
    [kept] = [cookie for cookie in await screen.context.cookies() if cookie["name"] == "dermfolio_session"]
    assert (kept["sameSite"], kept["httpOnly"]) == ("Strict", True)


@pytest.mark.req("ORG-6")
async def test_who_is_in_no_group_reads_what_to_do(system: System, new_screen: NewScreen) -> None:
    screen = await new_screen(signed_in=False)
    page = screen.page
    await screen.go("/sign-in")
    await choose(page, "visitor")
    await expect(page.get_by_role("alert")).to_contain_text("Ask your administrator for a role")
    await expect(page).to_have_url(f"{system.url}/sign-in?problem=no_access")
    assert [cookie["name"] for cookie in await screen.context.cookies(system.url)] == []
