"""Rate limits, and where requests come from."""

import asyncio
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from dermfolio.contracts.audit import AppendRecord
from dermfolio.contracts.identity import GetSession
from dermfolio.contracts.organisation import ChoosePasswordByLink
from dermfolio.contracts.patients import CreatePatient
from dermfolio.contracts.sharing import OpenPatient
from dermfolio.gateway import guesses, rates, visits
from dermfolio.gateway.api.users import BAD_LINKS
from dermfolio.gateway.proxies import Proxies
from dermfolio.gateway.rates import Rate, Rates

from .conftest import Browser, World
from .owner import ELSEWHERE, GOOD_LINK

OURS = Proxies([ip_network("10.0.0.0/8"), ip_network("fd00::/8")])


def asked(peer: str | None, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", one.encode("latin-1")) for one in forwarded]
    return Request({"type": "http", "headers": headers, "client": (peer, 1) if peer else None})


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.7", [], "192.0.2.7"),
        ("192.0.2.7", ["198.51.100.1"], "192.0.2.7"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["203.0.113.9, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["203.0.113.9", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["<script>, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("fd00::1", ["2001:db8::1"], "2001:db8::1"),
        ("10.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        (None, ["198.51.100.1"], None),
    ],
)
def test_only_proxies_of_ours_say_for_whom_they_ask(
    peer: str | None, forwarded: list[str], address: str | None
) -> None:
    assert OURS.address(asked(peer, *forwarded)) == address


def test_without_proxies_nobody_is_believed() -> None:
    assert Proxies([]).address(asked("10.0.0.1", "198.51.100.1")) == "10.0.0.1"


@given(st.text(st.characters(codec="latin-1"), max_size=80))
def test_whatever_is_written_there_the_address_is_one(written: str) -> None:
    assert OURS.address(asked("10.0.0.1", written)) is not None


@given(st.integers(1, 20), st.lists(st.floats(0, 5), max_size=60))
def test_no_more_is_let_through_than_the_rate_allows(burst: int, pauses: list[float]) -> None:
    moment = 100.0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rates.time, "monotonic", lambda: moment)
        bucket, let_through = Rates(Rate(per_second=1.0, burst=burst)), 0
        for pause in pauses:
            moment += pause
            wait = bucket.take("key")
            let_through += wait is None
            assert wait is None or 0 < wait <= 1.0 + 1e-6
        assert let_through <= burst + (moment - 100.0) + 1e-6


def test_everybody_has_a_bucket_and_those_not_used_are_forgotten() -> None:
    bucket = Rates(Rate(per_second=0.001, burst=1))
    assert bucket.take("a") is None
    assert bucket.take("a") is not None
    for n in range(rates.KEYS):
        bucket.take(n)
    assert bucket.take("a") is None


@pytest.mark.req("API-1")
async def test_who_asks_too_much_is_told_when_to_come_again_and_that_is_recorded_once(world: World) -> None:
    async with world.gateway(requests_per_second=1.0) as running:
        browser = Browser(running)
        await browser.sign_in()
        answers = [await browser.get("/session") for _ in range(20)]
        await browser.close()
    refused = [a for a in answers if a.status == 429]
    assert len(refused) >= 8
    assert {a.code for a in refused} == {"rate_limited"}
    assert all(int(a.headers["Retry-After"]) >= 1 for a in refused)
    assert [r.event for r in world.audit.of(AppendRecord)] == ["gateway.rate_limited"]


async def test_made_up_credentials_do_not_fill_the_trail(
    world: World, stranger: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [
        await stranger.get("/session", cookies={"dermfolio_session": f"made-up-made-up-made-up-{n}"})
        for n in range(visits.UNKNOWN_CREDENTIALS.burst + 30)
    ]
    assert {a.status for a in answers} == {401, 429}
    assert len(world.identity.of(GetSession)) == len(answers)
    recorded = [r.event for r in world.audit.of(AppendRecord)]
    assert recorded.count("gateway.rate_limited") == 1
    assert visits.UNKNOWN_CREDENTIALS.burst <= recorded.count("gateway.session_refused") < len(answers)


async def test_links_that_are_not_good_do_not_fill_the_trail_and_good_ones_are_not_counted(
    world: World, stranger: Browser
) -> None:
    async def come(token: str) -> int:
        body = {"token": token, "new_password": "Corium-Stratum-7!"}
        return (await stranger.send("POST", "/account/password-by-link", json=body)).status

    assert {await come(GOOD_LINK) for _ in range(BAD_LINKS.burst + 10)} == {200}
    answers = [await come(f"made-up-made-up-made-up-{n}") for n in range(BAD_LINKS.burst + 10)]
    assert answers == [422] * BAD_LINKS.burst + [429] * 10
    assert len(world.identity.of(ChoosePasswordByLink)) == 2 * BAD_LINKS.burst + 10
    assert [r.event for r in world.audit.of(AppendRecord)] == ["gateway.rate_limited"]


@pytest.mark.req("PAT-1")
async def test_who_guesses_unique_ids_of_unseen_patients_has_to_wait(world: World, browser: Browser) -> None:
    world.patients.add("elsewhere", site=ELSEWHERE)
    answers = [
        await browser.send("POST", "/patients", json={"unique_id": "elsewhere"})
        for _ in range(guesses.GUESSES.burst + 2)
    ]
    codes = [a.code for a in answers]
    assert codes == ["unique_id_unavailable"] * guesses.GUESSES.burst + ["rate_limited"] * 2
    assert len(world.patients.of(CreatePatient)) == guesses.GUESSES.burst


@pytest.mark.req("ORG-8")
async def test_who_tries_one_unique_id_after_the_other_in_an_emergency_has_to_wait(
    world: World, browser: Browser
) -> None:
    world.patients.add("elsewhere", site=ELSEWHERE)

    async def tried(unique_id: str) -> int | str:
        answer = await browser.send("POST", "/openings", json={"unique_id": unique_id, "reason": "Unconscious patient"})
        return answer.status if answer.status < 400 else answer.code

    found = [await tried("elsewhere") for _ in range(guesses.GUESSES.burst + 2)]
    assert found == [201] * len(found), "whom one knows is no guess"
    codes = await asyncio.gather(*(tried(f"guess-{n}") for n in range(guesses.GUESSES.burst + 5)))
    assert sorted(codes) == ["not_found"] * guesses.GUESSES.burst + ["rate_limited"] * 5, "also all at once"
    assert await tried("elsewhere") == "rate_limited"
    assert len(world.patients.of(OpenPatient)) == len(found) + guesses.GUESSES.burst
