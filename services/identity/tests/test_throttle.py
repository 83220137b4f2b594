"""Guessing is slow: per account and per address, on all replicas together."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.host import hosted
from dermfolio.common.migrate import newest
from dermfolio.common.settings import key_bytes
from dermfolio.common.testing import Ground, eventually
from dermfolio.contracts.account import PrepareSecondFactor
from dermfolio.contracts.identity import ChangePassword, SignIn
from dermfolio.contracts.replay import Fact
from dermfolio.identity import throttle
from dermfolio.identity.app import service
from dermfolio.identity.keyring import Keyring
from dermfolio.identity.prune import prune
from dermfolio.identity.settings import IdentitySettings
from dermfolio.identity.throttle import ACCOUNT, ADDRESS, Rule

from .conftest import MIGRATIONS, ONE_TIME
from .facts import of_people
from .people import NEW, WRONG, actor_of, refusal, signed_in, somewhere

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULES = st.sampled_from([ACCOUNT, ADDRESS])


@pytest.fixture
async def db(settings: IdentitySettings) -> AsyncIterator[Database]:
    async with Database(settings.database_url, settings.database_password.get_secret_value()) as opened:
        yield opened


@pytest.fixture
def keyring(settings: IdentitySettings) -> Keyring:
    return Keyring(key_bytes(settings.identity_key))


async def code_of(identity: Requests, login: str, password: str, address: str | None = None) -> str:
    call = None if address is None else somewhere(address)
    try:
        await identity.ask(SignIn(login=login, password=password), call)
    except Refused as refused:
        return refused.code
    return "signed in"


def failing(rule: Rule, times: int, apart: timedelta = timedelta()) -> list[timedelta]:
    """The waits after each of many failures, each as soon as it may be."""
    level, at, moment, waits = 0.0, NOON, NOON, []
    for _ in range(times):
        level, at = rule.level(level, at, moment) + 1, moment
        waits.append(rule.wait(level, at, moment))
        moment += max(waits[-1], apart)
    return waits


@pytest.mark.req("ORG-3")
def test_an_account_takes_five_failures_and_then_waits_that_double_up_to_an_hour() -> None:
    waits = failing(ACCOUNT, 100)
    assert [wait / timedelta(minutes=1) for wait in waits[:10]] == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32]
    assert max(waits) <= timedelta(hours=1)
    assert sum(waits[20:], timedelta()) > timedelta(hours=79), "from then on one an hour"


@pytest.mark.req("ORG-3")
def test_an_address_takes_a_hundred_failures_and_then_one_each_nine_seconds() -> None:
    waits = failing(ADDRESS, 1000)
    assert not any(waits[:99])
    assert max(waits) < timedelta(seconds=20)
    assert sum(waits, timedelta()) > timedelta(hours=2)


@given(RULES, st.integers(0, 500), st.floats(0, 1e7))
def test_a_count_only_ever_drains_and_is_nothing_in_the_end(rule: Rule, level: int, seconds: float) -> None:
    later = NOON + timedelta(seconds=seconds)
    assert 0 <= rule.level(level, NOON, later) <= level
    assert timedelta() <= rule.wait(level, NOON, later) <= rule.longest_wait
    assert rule.level(level, later, NOON) == level, "a clock that steps back forgives nothing"


@given(RULES, st.integers(1, 300))
def test_what_is_pruned_had_drained(rule: Rule, failures: int) -> None:
    level, at, moment = 0.0, NOON, NOON
    for _ in range(failures):
        level, at = rule.level(level, at, moment) + 1, moment
        moment += rule.wait(level, at, moment)
    assert rule.level(level, at, at + throttle.KEPT) == 0


def test_addresses_of_one_ipv6_network_are_one_and_those_of_ipv4_are_not(keyring: Keyring) -> None:
    def name(text: str) -> str:
        return throttle.address(keyring, text)[0].name

    assert name("2001:db8:1:2::1") == name("2001:db8:1:2:ffff::9") == name("2001:db8:1:2::5%eth0")
    assert name("2001:db8:1:2::1") != name("2001:db8:1:3::1")
    assert name("192.0.2.1") == name("::ffff:192.0.2.1") != name("192.0.2.2")
    assert throttle.address(keyring, None) == []


@pytest.mark.req("ORG-3")
@pytest.mark.parametrize("login", ["admin", "nobody at all"])
async def test_guesses_at_an_account_on_two_replicas_at_once_are_counted_before_they_are_looked_at(
    settings: IdentitySettings, identity: Requests, login: str
) -> None:
    async with hosted("identity", settings, service, "serve", newest(MIGRATIONS)):
        codes = await asyncio.gather(*(code_of(identity, login, f"{WRONG}{n}") for n in range(24)))
    assert sorted(codes) == ["rate_limited"] * 19 + ["sign_in_failed"] * 5


@pytest.mark.req("ORG-3")
async def test_guesses_from_an_address_at_many_accounts_on_two_replicas_at_once_are_counted(
    settings: IdentitySettings, identity: Requests, db: Database, keyring: Keyring
) -> None:
    [here] = throttle.address(keyring, "192.0.2.7")
    async with db.write() as s:
        for _ in range(95):
            assert await throttle.count(s, [here]) is None
    async with hosted("identity", settings, service, "serve", newest(MIGRATIONS)):
        guesses = (code_of(identity, f"user-{n}", WRONG, "192.0.2.7") for n in range(20))
        codes = await asyncio.gather(*guesses)
    assert 5 <= codes.count("sign_in_failed") <= 7, "a slow machine drains one or two of them"
    assert codes.count("rate_limited") == 20 - codes.count("sign_in_failed")
    assert await code_of(identity, "admin", ONE_TIME, "192.0.2.7") in {"rate_limited", "signed in"}
    assert await code_of(identity, "admin", ONE_TIME, "192.0.2.8") == "signed in"


@pytest.mark.req("ORG-3")
async def test_while_an_account_waits_not_even_its_right_password_is_looked_at(
    identity: Requests, db: Database
) -> None:
    for _ in range(5):
        assert await code_of(identity, "admin", WRONG) == "sign_in_failed"
    refused = await refusal(identity, SignIn(login="Admin", password=ONE_TIME))
    assert refused.code == "rate_limited"
    assert 50 <= refused.facts["retry_after"] <= 60
    async with db.write() as s:
        await s.execute(sa.text("UPDATE throttle SET at = at - interval '61 seconds'"))
    assert await code_of(identity, "admin", ONE_TIME) == "signed in"


@pytest.mark.req("ORG-3")
async def test_a_right_sign_in_begins_the_accounts_count_anew_and_leaves_the_addresss_as_it_was(
    identity: Requests, db: Database, keyring: Keyring
) -> None:
    for _ in range(2):
        for _ in range(4):
            assert await code_of(identity, "admin", WRONG, "192.0.2.7") == "sign_in_failed"
        assert await code_of(identity, "admin", ONE_TIME, "192.0.2.7") == "signed in"
    async with db.read() as rows:
        levels = {row["name"]: row["level"] for row in await rows.fetch("SELECT name, level FROM throttle")}
    [here] = throttle.address(keyring, "192.0.2.7")
    assert set(levels) == {here.name}
    assert 6 <= levels[here.name] <= 8


async def test_the_table_holds_no_login_and_no_address(identity: Requests, db: Database) -> None:
    await code_of(identity, "a password typed into the wrong field", WRONG, "192.0.2.7")
    async with db.read() as rows:
        text = await rows.fetchval("SELECT string_agg(throttle::text, '') FROM throttle")
    assert "password" not in text
    assert "192.0.2" not in text


@pytest.mark.req("AUD-1")
async def test_a_refusal_for_too_many_guesses_is_recorded(ground: Ground, identity: Requests) -> None:
    for _ in range(6):
        await code_of(identity, "admin", WRONG)
    async with ground.asking("audit") as audit:

        async def all_of_them() -> list[Fact] | None:
            found = await of_people(audit)
            return found if len(found) == 6 else None

        facts = await eventually(all_of_them)
    assert {fact.subject for fact in facts} == {"evt.identity.sign_in_refused"}
    assert [fact.data["code"] for fact in facts] == ["sign_in_failed"] * 5 + ["rate_limited"]
    assert {fact.data["outcome"] for fact in facts} == {"denied"}


@pytest.mark.req("ORG-3")
async def test_a_stolen_session_guesses_the_password_no_faster(ground: Ground, identity: Requests) -> None:
    call = ground.call(actor_of((await signed_in(identity)).facts))
    guesses = [ChangePassword(current_password=WRONG, new_password=NEW)] * 3
    guesses_elsewhere = [PrepareSecondFactor(current_password=WRONG)] * 3
    codes = [(await refusal(identity, guess, call)).code for guess in (*guesses, *guesses_elsewhere)]
    assert codes == ["sign_in_failed"] * 5 + ["rate_limited"]
    right = ChangePassword(current_password=ONE_TIME, new_password=NEW)
    assert (await refusal(identity, right, call)).code == "rate_limited"
    assert await signed_in(identity), "sign-ins are counted apart"


async def test_sessions_long_over_are_removed(identity: Requests, db: Database) -> None:
    kept, gone = await signed_in(identity), await signed_in(identity)
    async with db.write() as s:
        old = sa.text("UPDATE sessions SET expires_at = expires_at - interval '31 days' WHERE id = :s")
        await s.execute(old, {"s": gone.facts.session})
    await prune(db)
    async with db.read() as rows:
        assert [row["id"] for row in await rows.fetch("SELECT id FROM sessions")] == [kept.facts.session]


async def test_counts_that_drained_are_removed(db: Database, identity: Requests, keyring: Keyring) -> None:
    old, young = throttle.account(keyring, "old"), throttle.account(keyring, "young")
    async with db.write() as s:
        await throttle.count(s, [old, young])
        await s.execute(sa.text("UPDATE throttle SET at = at - interval '3 days' WHERE name = :n"), {"n": old.name})
    await prune(db)
    async with db.read() as rows:
        assert [row["name"] for row in await rows.fetch("SELECT name FROM throttle")] == [young.name]
