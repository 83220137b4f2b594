"""Signing in and out, the cookie, CSRF, the forced change of a password."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import jwt
import pytest

from dermfolio.common.auth import LIFETIME
from dermfolio.contracts.audit import AppendRecord
from dermfolio.contracts.identity import ChangePassword, GetSession, PasswordChanged, SessionEnded, SignIn, SignOut
from dermfolio.contracts.licence import InstallLicence
from dermfolio.contracts.patients import GetPatient, ListPatients
from dermfolio.gateway.sessions import REMEMBERED_SECONDS

from .conftest import Browser, Running, World
from .owner import PASSWORD, USERS

NewBrowser = Callable[..., Awaitable[Browser]]


async def test_signing_in_answers_the_session_and_sets_a_strict_http_only_cookie(stranger: Browser) -> None:
    answer = await stranger.send("POST", "/session", json={"login": "clinician", "password": PASSWORD})
    assert answer.status == 200
    assert answer.json["login"] == "clinician"
    assert answer.json["csrf_token"]
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("dermfolio_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert (await stranger.get("/session")).json["user"] == str(USERS["clinician"][0])


async def test_behind_https_the_cookie_is_secure_and_bound_to_the_host(world: World) -> None:
    async with world.gateway(public_url="https://photos.clinic.example") as running:
        running.settings.__dict__["public_url"] = f"http://127.0.0.1:{running.port}"
        browser = Browser(running)
        answer = await browser.send("POST", "/session", json={"login": "clinician", "password": PASSWORD})
        await browser.close()
    assert answer.headers["Set-Cookie"].startswith("__Host-dermfolio=")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "Path=/" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


async def test_a_wrong_password_is_refused_without_a_cookie(stranger: Browser) -> None:
    answer = await stranger.send("POST", "/session", json={"login": "clinician", "password": "guessed"})
    assert (answer.status, answer.code) == (401, "sign_in_failed")
    assert "Set-Cookie" not in answer.headers


async def test_signing_in_always_makes_a_new_token(browser: Browser) -> None:
    first = {c.value for c in browser.http.cookie_jar}
    await browser.sign_in()
    assert first.isdisjoint({c.value for c in browser.http.cookie_jar})


async def test_signing_out_ends_the_session_and_clears_cookie_and_cache(browser: Browser, world: World) -> None:
    [kept] = [c.value for c in browser.http.cookie_jar]
    answer = await browser.send("DELETE", "/session")
    assert answer.status == 204
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert 'dermfolio_session=""' in answer.headers["Set-Cookie"]
    assert len(world.identity.of(SignOut)) == 1
    again = await browser.get("/session", cookies={"dermfolio_session": kept})
    assert (again.status, again.code) == (401, "not_signed_in")


async def test_what_ends_a_session_elsewhere_is_in_force_on_every_gateway_at_once(
    world: World, browser: Browser
) -> None:
    assert (await browser.get("/session")).status == 200
    [facts] = world.identity.sessions.values()
    world.identity.end(facts.session)
    assert (await browser.get("/session")).status == 200, "remembered, because nothing was heard"
    await world.say(SessionEnded(session=facts.session, user=facts.user))
    await _until(lambda: browser.get("/session"), 401)


async def test_nobody_is_asked_again_within_half_a_minute(world: World, browser: Browser) -> None:
    for _ in range(5):
        assert (await browser.get("/patients")).status == 200
    assert len(world.identity.of(GetSession)) == 1


async def test_requests_that_come_together_wait_for_one_question(world: World, browser: Browser) -> None:
    world.identity.slow = 0.2
    answers = await asyncio.gather(*(browser.get("/session") for _ in range(10)))
    assert {a.status for a in answers} == {200}
    assert len(world.identity.of(GetSession)) == 1


async def test_an_expired_session_is_not_remembered(world: World, stranger: Browser) -> None:
    world.identity.expires_in = timedelta(seconds=1)
    await stranger.sign_in()
    assert (await stranger.get("/session")).status == 200
    await asyncio.sleep(1.2)
    assert (await stranger.get("/session")).status == 401


async def test_the_owner_is_told_who_asks_from_where(world: World, browser: Browser) -> None:
    await browser.get(
        "/patients",
        headers={"X-Request-Id": "my-request-1", "User-Agent": "Prüfer/1 (β)", "X-Forwarded-For": "203.0.113.9"},
    )
    [call] = world.patients.calls(ListPatients)
    assert call.actor.user == USERS["clinician"][0]
    assert call.request_id == "my-request-1"
    assert call.address == "127.0.0.1", "only the socket's word counts"
    assert call.user_agent is not None
    assert "1 (" in call.user_agent
    assert call.token is not None
    claims = jwt.decode(call.token, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == LIFETIME


def test_a_remembered_actor_is_believed_for_half_a_minute_more_at_least() -> None:
    assert LIFETIME - REMEMBERED_SECONDS >= 30


async def test_without_a_cookie_nothing_is_asked_and_nothing_recorded(world: World, stranger: Browser) -> None:
    answer = await stranger.get("/patients")
    assert (answer.status, answer.code) == (401, "not_signed_in")
    assert not world.identity.asked
    assert not world.audit.asked


@pytest.mark.req("AUD-1")
async def test_a_cookie_that_is_none_is_refused_and_recorded_once(world: World, stranger: Browser) -> None:
    for _ in range(3):
        answer = await stranger.get("/patients", cookies={"dermfolio_session": "x" * 43})
        assert (answer.status, answer.code) == (401, "not_signed_in")
    [record] = world.audit.records
    assert (record.event, record.outcome, record.code) == ("gateway.session_refused", "denied", "not_signed_in")


@pytest.mark.req("AUD-1")
async def test_a_change_that_another_site_makes_is_refused_and_recorded(world: World, browser: Browser) -> None:
    cases = [
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "A" * 43},
        {"X-CSRF-Token": "ä"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ]
    for headers in cases:
        answer = await browser.send("POST", "/patients", json={"unique_id": "p-1"}, headers=headers)
        assert (answer.status, answer.code) == (403, "csrf_failed"), headers
    assert not world.patients.records
    assert len(world.audit.records) == len(cases)
    for record, call in zip(world.audit.records, world.audit.calls(AppendRecord), strict=True):
        assert (record.event, record.object_kind) == ("gateway.csrf_failed", "session")
        assert call.actor.user == USERS["clinician"][0]
        assert record.object_id == str(call.actor.session)


async def test_changes_from_the_own_origin_are_taken(browser: Browser) -> None:
    own = {"Origin": browser.running.url, "Sec-Fetch-Site": "same-origin"}
    assert (await browser.send("POST", "/patients", json={"unique_id": "p-1"}, headers=own)).status == 201


async def test_another_site_cannot_sign_its_visitor_in(world: World, stranger: Browser) -> None:
    credentials = {"login": "clinician", "password": PASSWORD}
    answer = await stranger.send("POST", "/session", json=credentials, headers={"Origin": "https://evil.example"})
    assert (answer.status, answer.code) == (403, "csrf_failed")
    assert not world.identity.of(SignIn)


async def test_a_denial_that_cannot_be_recorded_is_an_outage(world: World, browser: Browser) -> None:
    world.audit.down = True
    answer = await browser.send("POST", "/patients", json={"unique_id": "p-1"}, headers={"X-CSRF-Token": ""})
    assert (answer.status, answer.code) == (503, "unavailable")
    assert not world.patients.records


@pytest.mark.req("ORG-2")
async def test_before_the_password_is_changed_nothing_else_is_possible(world: World, new_browser: NewBrowser) -> None:
    newcomer = await new_browser("newcomer")
    assert (await newcomer.get("/session")).json["password_change_required"] is True
    for path in ("/patients", "/licence", "/trail"):
        answer = await newcomer.get(path)
        assert (answer.status, answer.code) == (403, "password_change_required")
    assert {r.event for r in world.audit.records} == {"gateway.password_change_required"}
    assert not world.patients.asked
    typed = {"current_password": PASSWORD, "new_password": "Another-1-password"}
    assert (await newcomer.send("PUT", "/account/password", json=typed)).status == 204
    assert (await newcomer.get("/patients")).status == 200


@pytest.mark.req("ORG-2")
async def test_a_password_changed_on_one_gateway_counts_on_the_next_at_once(
    world: World, new_browser: NewBrowser
) -> None:
    newcomer = await new_browser("newcomer")
    async with world.gateway() as second:
        there = await new_browser(None, second)
        there.http.cookie_jar.update_cookies({c.key: c.value for c in newcomer.http.cookie_jar})
        there.csrf = newcomer.csrf
        assert (await there.get("/patients")).status == 403
        typed = {"current_password": PASSWORD, "new_password": "Another-1-password"}
        assert (await newcomer.send("PUT", "/account/password", json=typed)).status == 204
        assert (await there.get("/patients")).status == 200


async def test_a_wrong_or_weak_password_change_is_refused(world: World, browser: Browser) -> None:
    wrong = {"current_password": "guessed", "new_password": "Another-1-password"}
    assert (await browser.send("PUT", "/account/password", json=wrong)).code == "sign_in_failed"
    weak = {"current_password": PASSWORD, "new_password": "short"}
    assert (await browser.send("PUT", "/account/password", json=weak)).code == "weak_password"
    assert len(world.identity.of(ChangePassword)) == 2


async def test_a_changed_password_makes_every_gateway_ask_again(world: World, browser: Browser) -> None:
    await browser.get("/session")
    world.identity.sessions.clear()
    await world.say(PasswordChanged(user=USERS["clinician"][0]))
    await _until(lambda: browser.get("/session"), 401)


async def test_while_identity_is_down_nobody_is_let_in(world: World, browser: Browser) -> None:
    world.identity.down = True
    answer = await browser.get("/patients")
    assert (answer.status, answer.code) == (503, "unavailable")
    assert answer.headers["Retry-After"]
    assert not world.patients.of(GetPatient)


async def test_the_licence_is_shown_to_users(browser: Browser, running: Running) -> None:
    assert (await browser.get("/licence")).json["uploads_allowed"] is True


@pytest.mark.req("LIC-1")
async def test_a_licence_is_installed_as_the_bytes_it_is_and_none_is_larger_than_licences_are(
    world: World, stranger: Browser
) -> None:

    async def install(data: bytes) -> str:
        return (await stranger.send("PUT", "/licence", data=data)).code or "installed"

    await stranger.sign_in("clinician")
    assert await install(b"dermfolio licence v1\n") == "forbidden"
    await stranger.sign_in("admin")
    for junk in (b"", b"junk", b"\xff\x00"):
        assert await install(junk) == "licence_file_not_a_licence"
    assert await install(b"d" * 20_000) == "too_large"
    assert await install("dermfolio licence v1\nlicensee: Zürich\n".encode()) == "installed"
    [*_, told] = world.identity.of(InstallLicence)
    assert told.file == "dermfolio licence v1\nlicensee: Zürich\n"


async def _until(ask: Callable[[], Awaitable[object]], status: int) -> None:
    for _ in range(500):
        if (await ask()).status == status:  # type: ignore[attr-defined]
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"never answered {status}")
