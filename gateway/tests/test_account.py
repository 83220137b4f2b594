"""One's own account: the second factor at sign-in, trusted devices, sessions listed and ended."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from dermfolio.contracts.account import SecondFactorRemoved
from dermfolio.contracts.audit import AppendRecord, ListHistory
from dermfolio.contracts.identity import GetSession, PasswordChanged, SessionEnded, SignIn
from dermfolio.contracts.roles import Permission
from dermfolio.gateway.live.socket import SESSION_OVER

from .conftest import Browser, World, until
from .owner import CODE, PASSWORD, USERS

NewBrowser = Callable[..., Awaitable[Browser]]
CREDENTIALS = {"login": "clinician", "password": PASSWORD}


def cookies(browser: Browser) -> dict[str, str]:
    return {cookie.key: cookie.value for cookie in browser.http.cookie_jar}


async def with_code(browser: Browser, **more: Any) -> Any:
    answer = await browser.send("POST", "/session", json=CREDENTIALS | {"second_factor": CODE} | more)
    assert answer.status == 200
    browser.csrf = answer.json["csrf_token"]
    return answer


@pytest.mark.req("ORG-4")
async def test_who_has_a_second_factor_is_asked_for_it_and_gets_no_cookie_without(
    world: World, stranger: Browser
) -> None:
    world.identity.second_factors.add("clinician")
    for typed, code in (({}, "second_factor_required"), ({"second_factor": "000000"}, "second_factor_failed")):
        answer = await stranger.send("POST", "/session", json=CREDENTIALS | typed)
        assert (answer.status, answer.code) == (401, code)
        assert "Set-Cookie" not in answer.headers
    answer = await with_code(stranger)
    assert "device" not in answer.headers["Set-Cookie"]
    assert (await stranger.get("/patients")).status == 200


@pytest.mark.req("ORG-4")
async def test_a_browser_that_is_trusted_gets_a_cookie_of_its_own_and_is_not_asked_again(
    world: World, stranger: Browser
) -> None:
    world.identity.second_factors.add("clinician")
    answer = await with_code(stranger, trust_device=True)
    [device] = [c for c in answer.headers.getall("Set-Cookie") if c.startswith("dermfolio_device=")]
    assert {"HttpOnly", "SameSite=strict", "Path=/", "Max-Age=2592000"} <= set(device.split("; "))
    token = cookies(stranger)["dermfolio_device"]
    await stranger.send("DELETE", "/session")
    assert cookies(stranger)["dermfolio_device"] == token, "signing out is not forgetting"
    await stranger.sign_in()
    listed = (await stranger.get("/account/sessions")).json
    assert [row["this"] for row in listed["devices"]] == [True]
    assert all(token not in request.model_dump_json() for request in world.identity.of(SignIn))


async def test_behind_https_the_devices_cookie_is_secure_and_bound_to_the_host(world: World) -> None:
    world.identity.second_factors.add("clinician")
    async with world.gateway(public_url="https://photos.clinic.example") as running:
        running.settings.__dict__["public_url"] = f"http://127.0.0.1:{running.port}"
        browser = Browser(running)
        answer = await with_code(browser, trust_device=True)
        await browser.close()
    [device] = [c for c in answer.headers.getall("Set-Cookie") if c.startswith("__Host-dermfolio-device=")]
    assert "Secure" in device
    assert "Domain" not in device


@pytest.mark.req("ORG-3")
async def test_who_guesses_too_much_is_told_when_to_come_again(world: World, stranger: Browser) -> None:
    world.identity.retry_after = 240
    answer = await stranger.send("POST", "/session", json=CREDENTIALS)
    assert (answer.status, answer.code, answer.headers["Retry-After"]) == (429, "rate_limited", "240")


async def test_a_session_token_that_is_sent_along_is_never_adopted(world: World, stranger: Browser) -> None:
    planted = "A" * 43
    sent = {"dermfolio_session": planted}
    assert (await stranger.send("POST", "/session", json=CREDENTIALS, cookies=sent)).status == 200
    assert cookies(stranger)["dermfolio_session"] != planted
    again = await stranger.get("/session", cookies=sent)
    assert (again.status, again.code) == (401, "not_signed_in")


@pytest.mark.req("ORG-4")
async def test_before_a_compulsory_second_factor_is_set_up_nothing_else_is_possible(
    world: World, new_browser: NewBrowser
) -> None:
    world.identity.must_set_up = {"clinician"}
    someone = await new_browser()
    assert (await someone.get("/session")).json["second_factor_setup_required"] is True
    for path in ("/patients", "/licence", "/trail", "/account/sessions"):
        answer = await someone.get(path)
        assert (answer.status, answer.code) == (403, "second_factor_setup_required")
    removal = {"current_password": PASSWORD, "second_factor": CODE}
    answer = await someone.send("POST", "/account/second-factor/removal", json=removal)
    assert answer.code == "second_factor_setup_required"
    assert {r.event for r in world.audit.of(AppendRecord)} == {"gateway.second_factor_setup_required"}
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await someone.socket()
    assert (await someone.get("/account/second-factor")).json["compulsory"] is True
    typed = {"current_password": PASSWORD}
    assert (await someone.send("POST", "/account/second-factor", json=typed)).status == 200
    confirmed = await someone.send("POST", "/account/second-factor/confirmation", json={"code": CODE})
    assert (confirmed.status, confirmed.headers["Cache-Control"]) == (200, "no-store")
    assert (await someone.get("/patients")).status == 200


@pytest.mark.req("ORG-4")
async def test_the_password_comes_before_the_second_factor(world: World, new_browser: NewBrowser) -> None:
    world.identity.must_set_up = {"newcomer"}
    newcomer = await new_browser("newcomer")
    assert (await newcomer.get("/patients")).code == "password_change_required"
    assert (await newcomer.get("/account/second-factor")).code == "password_change_required"
    typed = {"current_password": PASSWORD, "new_password": "Another-1-password"}
    assert (await newcomer.send("PUT", "/account/password", json=typed)).status == 204
    assert (await newcomer.get("/patients")).code == "second_factor_setup_required"
    assert (await newcomer.send("DELETE", "/session")).status == 204


async def test_proof_that_is_not_right_is_refused(browser: Browser) -> None:
    for path in ("/account/second-factor/recovery-codes", "/account/second-factor/removal"):
        for password, code, refused in (
            ("guessed", CODE, "sign_in_failed"),
            (PASSWORD, "000000", "second_factor_failed"),
        ):
            typed = {"current_password": password, "second_factor": code}
            assert (await browser.send("POST", path, json=typed)).code == refused
    right = {"current_password": PASSWORD, "second_factor": CODE}
    assert (await browser.send("POST", "/account/second-factor/recovery-codes", json=right)).json["codes"]
    assert (await browser.send("POST", "/account/second-factor/removal", json=right)).status == 204


@pytest.mark.req("ORG-5")
async def test_a_session_ended_here_is_over_at_once_and_elsewhere_as_soon_as_it_is_heard(
    world: World, new_browser: NewBrowser
) -> None:
    async with world.gateway() as second:
        here, there = await new_browser(), await new_browser("clinician", second)
        socket = await there.socket()
        assert (await there.get("/patients")).status == 200
        listed = (await here.get("/account/sessions")).json["sessions"]
        [other] = [row["id"] for row in listed if not row["this"]]
        assert (await here.send("DELETE", f"/account/sessions/{other}")).status == 204
        await world.say(SessionEnded(session=other, user=USERS["clinician"][0]))
        assert (await socket.receive(timeout=10)).data == SESSION_OVER
        assert (await there.get("/patients")).status == 401
        assert (await here.get("/patients")).status == 200


@pytest.mark.req("ORG-5")
async def test_sessions_and_devices_of_others_are_as_if_they_were_not(new_browser: NewBrowser) -> None:
    mine, theirs = await new_browser("clinician"), await new_browser("viewer")
    [row] = (await theirs.get("/account/sessions")).json["sessions"]
    answers = [await mine.send("DELETE", f"/account/sessions/{session}") for session in (row["id"], uuid4())]
    assert [(a.status, a.code) for a in answers] == [(404, "not_found")] * 2
    assert (await mine.send("DELETE", f"/account/devices/{uuid4()}")).status == 404
    assert (await theirs.get("/account/sessions")).status == 200


@pytest.mark.req("ORG-5")
async def test_logging_out_of_all_devices_ends_this_session_too_and_clears_its_cookies(
    world: World, stranger: Browser
) -> None:
    world.identity.second_factors.add("clinician")
    await with_code(stranger, trust_device=True)
    kept = cookies(stranger)
    answer = await stranger.send("DELETE", "/account/sessions")
    assert answer.status == 204
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert not cookies(stranger)
    assert (await stranger.get("/session", cookies=kept)).status == 401
    again = await stranger.send("POST", "/session", json=CREDENTIALS, cookies=kept)
    assert again.code == "second_factor_required"


@pytest.mark.req("ORG-5")
async def test_sockets_their_pings_and_their_coming_again_are_no_use_of_a_session(
    world: World, browser: Browser
) -> None:
    for _ in range(3):
        async with browser.socket() as socket:
            for _ in range(3):
                await socket.send_json({"type": "ping"})
                assert (await socket.receive_json(timeout=10))["type"] == "pong"
            asked = len(world.identity.of(GetSession))
            await world.say(PasswordChanged(user=USERS["clinician"][0]))
            await until(partial(_asked_since, world, asked))
    assert {request.in_use for request in world.identity.of(GetSession)} == {False}
    assert (await browser.get("/patients")).status == 200
    assert world.identity.of(GetSession)[-1].in_use


@pytest.mark.req("ORG-4")
async def test_a_second_factor_removed_elsewhere_makes_every_gateway_ask_again(world: World, browser: Browser) -> None:
    assert (await browser.get("/patients")).status == 200
    for sha256, facts in world.identity.sessions.items():
        world.identity.sessions[sha256] = facts.model_copy(update={"second_factor_setup_required": True})
    await world.say(SecondFactorRemoved(user=USERS["clinician"][0]))
    for _ in range(500):
        if (await browser.get("/patients")).code == "second_factor_setup_required":
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it was never asked again")


def _asked_since(world: World, before: int) -> bool:
    return len(world.identity.of(GetSession)) > before


@pytest.mark.req("AUD-4")
async def test_ones_security_history_is_asked_for_in_person_page_by_page(world: World, browser: Browser) -> None:
    assert (await browser.get("/account/history?limit=20&before=7")).json == {"records": [], "next": None}
    [asked] = world.audit.of(ListHistory)
    [call] = world.audit.calls(ListHistory)
    assert (asked.limit, asked.before, call.actor.user) == (20, 7, USERS["clinician"][0])
    for query in ("before=0", "before=x", "limit=101", "limit=0"):
        assert (await browser.get(f"/account/history?{query}")).code == "invalid_request"
    token = world.identity.api_token("clinician", Permission.TRAIL_READ)
    named = {"Authorization": f"Bearer {token}"}
    answer = await browser.get("/account/history", headers=named)
    assert (answer.status, answer.code) == (403, "session_required")
