"""Signing in by a provider, as a browser goes through it: two redirects, two cookies, one page."""

from urllib.parse import quote

import pytest

from dermfolio.contracts.identity import SignIn
from dermfolio.contracts.oidc import BeginSignIn, FinishSignIn
from dermfolio.gateway.api import oidc
from dermfolio.gateway.rates import Rate

from .conformance import Seen
from .conftest import Browser, World
from .owner import PROVIDER_ADDRESS

CALLBACK = "/session/oidc/clinic/callback"
RIGHT = "state=right-state&code=right-code&iss=https%3A%2F%2Fid.clinic.example"


async def begin(browser: Browser, **more: object) -> Seen:
    return await browser.get("/session/oidc/clinic", allow_redirects=False, **more)


async def back(browser: Browser, query: str = RIGHT, **more: object) -> Seen:
    return await browser.get(f"{CALLBACK}?{query}", allow_redirects=False, **more)


def problem(seen: Seen) -> str:
    """The code with which somebody lands on the sign-in page."""
    assert seen.status == 303
    page, _, code = seen.headers["Location"].partition("?problem=")
    assert page == "/sign-in"
    return code


def cookies(seen: Seen) -> dict[str, str]:
    return {line.partition("=")[0]: line for line in seen.headers.getall("Set-Cookie", [])}


@pytest.mark.req("ORG-6")
async def test_a_browser_is_sent_to_the_provider_with_a_cookie_that_comes_back_from_there(
    world: World, stranger: Browser
) -> None:
    away = await begin(stranger)
    assert (away.status, away.headers["Location"]) == (303, PROVIDER_ADDRESS)
    assert away.headers["Cache-Control"] == "no-store"
    kept = cookies(away)["dermfolio_oidc"]
    for attribute in ("HttpOnly", "SameSite=lax", "Max-Age=600", "Path=/"):
        assert attribute in kept
    [asked] = world.identity.of(BeginSignIn)
    assert asked.returns_to == f"{stranger.running.url}/api/v1{CALLBACK}"


@pytest.mark.req("ORG-6")
async def test_who_comes_back_is_signed_in_and_goes_on_from_a_page_of_ours(world: World, stranger: Browser) -> None:
    await begin(stranger)
    seen = await back(stranger, headers={"Sec-Fetch-Site": "cross-site"})
    assert seen.status == 200, "no redirect: it would go on in the provider's name, without the Strict cookie"
    assert seen.headers["Content-Type"].startswith("text/html")
    assert b'http-equiv="refresh" content="0;url=/"' in seen.body
    assert b"<script" not in seen.body
    assert seen.headers["Cache-Control"] == "no-store"
    assert seen.headers["Referrer-Policy"] == "no-referrer"
    given = cookies(seen)
    assert "SameSite=strict" in given["dermfolio_session"]
    assert "HttpOnly" in given["dermfolio_session"]
    assert "Max-Age=0" in given["dermfolio_oidc"]
    [asked] = world.identity.of(FinishSignIn)
    assert asked.browser.get_secret_value() == world.identity.begun
    assert asked.issuer == "https://id.clinic.example"
    assert (await stranger.get("/session")).json["login"] == "clinician"


@pytest.mark.req("ORG-6")
async def test_behind_https_both_cookies_are_secure_and_bound_to_the_host(world: World) -> None:
    async with world.gateway(public_url="https://photos.clinic.example") as running:
        running.settings.__dict__["public_url"] = f"http://127.0.0.1:{running.port}"
        browser = Browser(running)
        away = await begin(browser)
        came = await back(browser, headers={"Cookie": f"__Host-dermfolio-oidc={world.identity.begun}"})
        await browser.close()
    for line in (cookies(away)["__Host-dermfolio-oidc"], cookies(came)["__Host-dermfolio"]):
        assert "Secure" in line
        assert "Path=/" in line
        assert "Domain" not in line
    [asked] = world.identity.of(BeginSignIn)
    assert asked.returns_to == f"https://photos.clinic.example/api/v1{CALLBACK}"


@pytest.mark.req("ORG-6")
async def test_without_the_cookie_of_this_browser_nobody_is_signed_in(world: World, stranger: Browser) -> None:
    """Login CSRF: a link with somebody else's answer signs nobody in as somebody else."""
    await begin(stranger)
    stranger.http.cookie_jar.clear()
    for value in (None, "another", '"', "x" * 5000):
        sent = {} if value is None else {"Cookie": f"dermfolio_oidc={value}"}
        seen = await back(stranger, headers=sent)
        assert problem(seen) == "provider_sign_in_stale"
        assert "dermfolio_session" not in cookies(seen)


@pytest.mark.req("ORG-6")
@pytest.mark.parametrize(
    "query",
    [
        "",
        "state=right-state",
        "code=right-code",
        "state=&code=right-code",
        "state=right-state&code=",
        "state=right-state&state=right-state&code=right-code",
        "state=right-state&code=right-code&code=other",
        "state=right-state&code=right-code&iss=a&iss=b",
        "state=right-state&code=right-code&error=access_denied",
        "state=right-state&code=a%00b",
        "state=right-state&code=a%0d%0aSet-Cookie:x",
        "state=right-state&code=" + "x" * 5000,
        "&".join(f"a{n}=1" for n in range(100)),
        "state=right-state&code=%ff%fe",
    ],
    ids=lambda q: q[:40],
)
async def test_what_is_no_answer_of_a_provider_is_refused_and_recorded(
    world: World, stranger: Browser, query: str
) -> None:
    await begin(stranger)
    assert problem(await back(stranger, query)) == "provider_sign_in_failed"
    assert not world.identity.of(FinishSignIn)
    [record] = world.audit.records
    assert (record.event, record.code) == ("gateway.provider_sign_in_failed", "provider_sign_in_failed")


@pytest.mark.req("ORG-6")
async def test_an_error_of_the_provider_is_told_by_a_code_of_ours(world: World, stranger: Browser) -> None:
    await begin(stranger)
    hostile = quote("<script>alert(1)</script>")
    seen = await back(stranger, f"state=right-state&error=access_denied&error_description={hostile}&error_uri=//evil")
    assert problem(seen) == "provider_declined"
    [asked] = world.identity.of(FinishSignIn)
    assert asked.code is None


@pytest.mark.req("ORG-6")
async def test_nobody_is_sent_anywhere_else(world: World, stranger: Browser) -> None:
    for path in ("return_to=https://evil.example", "next=//evil.example", "redirect_uri=https://evil.example"):
        away = await stranger.get(f"/session/oidc/clinic?{path}", allow_redirects=False)
        assert away.headers["Location"] == PROVIDER_ADDRESS
        came = await back(stranger, f"{RIGHT}&{path}")
        assert b"evil" not in came.body
    assert {asked.returns_to for asked in world.identity.of(BeginSignIn)} == {
        f"{stranger.running.url}/api/v1{CALLBACK}"
    }


@pytest.mark.req("ORG-6")
async def test_another_site_s_page_cannot_begin_a_sign_in(world: World, stranger: Browser) -> None:
    for site in ("cross-site", "same-site"):
        assert problem(await begin(stranger, headers={"Sec-Fetch-Site": site})) == "csrf_failed"
    assert not world.identity.of(BeginSignIn)
    assert {record.event for record in world.audit.records} == {"gateway.csrf_failed"}
    for site in ("none", "same-origin"):
        assert (await begin(stranger, headers={"Sec-Fetch-Site": site})).headers["Location"] == PROVIDER_ADDRESS


async def test_an_unknown_provider_an_outage_and_a_malformed_name_have_their_answers(
    world: World, stranger: Browser
) -> None:
    unknown = await stranger.get("/session/oidc/unknown", allow_redirects=False)
    assert problem(unknown) == "not_found"
    malformed = await stranger.get("/session/oidc/A%20b", allow_redirects=False)
    assert (malformed.status, malformed.code) == (400, "invalid_request")
    world.identity.down = True
    assert problem(await begin(stranger)) == "unavailable"
    assert problem(await back(stranger)) == "unavailable"


async def test_one_address_cannot_wear_out_a_provider(
    world: World, stranger: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "STRANGERS", Rate(0.01, 2))
    async with world.gateway() as running:
        browser = Browser(running)
        codes = [problem(await back(browser)) for _ in range(4)]
        codes.append(problem(await begin(browser)))
        await browser.close()
    assert codes == ["provider_sign_in_stale"] * 2 + ["rate_limited"] * 3
    assert [record.event for record in world.audit.records] == ["gateway.rate_limited"]


async def test_the_sign_in_page_is_told_the_providers(world: World, stranger: Browser) -> None:
    seen = await stranger.get("/installation")
    assert seen.json["sign_in_providers"] == [{"id": "clinic", "name": "The clinic"}]
    assert not world.identity.of(SignIn)
