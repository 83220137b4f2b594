"""The second factor: set up, asked for, used once, renewed, removed, compulsory."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from xml.etree import ElementTree as ET

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.common.auth import Actor
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.setup import apply
from dermfolio.common.testing import Ground, eventually
from dermfolio.contracts.account import (
    ConfirmSecondFactor,
    GetSecondFactor,
    PrepareSecondFactor,
    RemoveSecondFactor,
    RenewRecoveryCodes,
)
from dermfolio.contracts.identity import GetSession, SignIn
from dermfolio.contracts.messages import now
from dermfolio.contracts.replay import Fact
from dermfolio.identity import second_factor_codes as codes
from dermfolio.identity.app import service
from dermfolio.identity.keyring import DamagedSecretError, Keyring
from dermfolio.identity.settings import IdentitySettings
from dermfolio.identity.tokens import token_sha256

from .conftest import MIGRATIONS, ONE_TIME
from .facts import of_people
from .people import WRONG, actor_of, refusal, signed_in, with_second_factor

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = timedelta(seconds=30)


@given(st.binary(min_size=20, max_size=20), st.integers(1000, 2**33), st.integers(-3, 3))
def test_a_code_is_taken_within_one_step_and_never_at_or_before_the_last_one(
    seed: bytes, second: int, around: int
) -> None:
    secret = base64.b32encode(seed).decode()
    moment = datetime.fromtimestamp(second, UTC)
    step = second // 30 + around
    typed = pyotp.TOTP(secret).generate_otp(step)
    found = codes.step_of(secret, f" {typed[:3]} {typed[3:]} ", moment, None)
    if abs(around) <= 1:
        assert found is not None
        assert pyotp.TOTP(secret).generate_otp(found) == typed
    if found is not None:
        assert abs(found - second // 30) <= 1
        assert codes.step_of(secret, typed, moment, found) is None


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(-2, 2)), max_size=20))
def test_whatever_is_typed_when_each_code_is_taken_at_most_once_and_in_order(attempts: list[tuple[int, int]]) -> None:
    second, last, taken = 10**9, None, []
    for passed, around in attempts:
        second += passed
        typed = pyotp.TOTP(SECRET).generate_otp(second // 30 + around)
        step = codes.step_of(SECRET, typed, datetime.fromtimestamp(second, UTC), last)
        if step is not None:
            taken.append(step)
            last = step
    assert taken == sorted(set(taken))


@given(st.text(max_size=70))
def test_whatever_is_typed_is_read(typed: str) -> None:
    assert codes.plain(typed).isascii()
    assert codes.step_of(SECRET, typed, now(), 2**40) is None
    assert isinstance(codes.is_of_an_app(typed), bool)


def test_recovery_codes_differ_and_are_never_taken_for_codes_of_an_app() -> None:
    made = codes.new_recovery_codes()
    assert len({codes.plain(code) for code in made}) == codes.RECOVERY_CODES
    for code in made:
        assert not codes.is_of_an_app(code)
        assert codes.plain(code.upper().replace("-", " ")) == codes.plain(code)


def test_a_sealed_secret_opens_for_its_user_and_under_its_key_only() -> None:
    keyring, user = Keyring(bytes(range(32))), uuid4()
    sealed = keyring.seal("JBSWY3DPEHPK3PXP", user)
    assert b"JBSWY3DPEHPK3PXP" not in sealed
    assert keyring.unseal(sealed, user) == "JBSWY3DPEHPK3PXP"
    for other, who in ((keyring, uuid4()), (Keyring(bytes(range(1, 33))), user)):
        with pytest.raises(DamagedSecretError):
            other.unseal(sealed, who)


@pytest.mark.req("ORG-4")
async def test_setting_up_takes_the_password_and_a_code_of_the_app_and_counts_only_then(
    ground: Ground, identity: Requests
) -> None:
    call = ground.call(actor_of((await signed_in(identity)).facts))
    assert (await refusal(identity, ConfirmSecondFactor(code="123456"), call)).code == "second_factor_missing"
    assert (await refusal(identity, PrepareSecondFactor(current_password=WRONG), call)).code == "sign_in_failed"
    prepared = await identity.ask(PrepareSecondFactor(current_password=ONE_TIME), call)
    assert pyotp.parse_uri(prepared.uri).secret == prepared.secret
    assert "Z%C3%BCrich" in prepared.uri
    assert ET.fromstring(prepared.qr_svg).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own
    assert (await signed_in(identity)).token, "it does not count before it is confirmed"
    app = pyotp.TOTP(prepared.secret)
    assert (await refusal(identity, ConfirmSecondFactor(code=wrong(app)), call)).code == "second_factor_failed"
    assert not (await identity.ask(GetSecondFactor(), call)).active
    assert len((await identity.ask(ConfirmSecondFactor(code=app.now()), call)).codes) == 10
    view = await identity.ask(GetSecondFactor(), call)
    assert (view.active, view.recovery_codes_left, view.compulsory) == (True, 10, False)
    again = await refusal(identity, PrepareSecondFactor(current_password=ONE_TIME), call)
    assert again.code == "second_factor_active"


@pytest.mark.req("ORG-4")
async def test_signing_in_needs_the_code_but_says_so_only_after_a_right_password(
    ground: Ground, identity: Requests
) -> None:
    owner = await with_second_factor(ground, identity)
    for typed in (None, owner.next_code()):
        request = SignIn(login="admin", password=WRONG, second_factor=typed)
        assert (await refusal(identity, request)).code == "sign_in_failed"
    for _ in range(6):
        assert await code_of(identity, None) == "second_factor_required", "asking for it is no failure"
    assert await code_of(identity, wrong(owner.app)) == "second_factor_failed"
    assert (await signed_in(identity, second_factor=owner.next_code())).facts.user == owner.facts.user


@pytest.mark.req("ORG-4")
async def test_a_code_is_taken_once_also_on_two_connections_at_once(ground: Ground, identity: Requests) -> None:
    owner = await with_second_factor(ground, identity)
    code = owner.next_code()
    outcomes = await asyncio.gather(*(code_of(identity, code) for _ in range(4)))
    assert sorted(outcomes) == ["second_factor_failed"] * 3 + ["signed in"]
    assert await code_of(identity, owner.first_code) == "second_factor_failed", "earlier than the last one taken"


@pytest.mark.req("ORG-4")
async def test_a_recovery_code_stands_in_once_also_on_two_connections_at_once(
    ground: Ground, identity: Requests
) -> None:
    owner = await with_second_factor(ground, identity)
    first, second = owner.recovery_codes[:2]
    outcomes = await asyncio.gather(*(code_of(identity, first) for _ in range(4)))
    assert sorted(outcomes) == ["second_factor_failed"] * 3 + ["signed in"]
    assert await code_of(identity, f" {second.upper().replace('-', ' ')} ") == "signed in"
    assert (await identity.ask(GetSecondFactor(), owner.call)).recovery_codes_left == 8


@pytest.mark.req("ORG-3")
async def test_codes_are_guessed_as_slowly_as_passwords(ground: Ground, identity: Requests) -> None:
    owner = await with_second_factor(ground, identity)
    outcomes = []
    for _ in range(6):
        outcomes.append(await code_of(identity, wrong(owner.app)))
        outcomes.append(await code_of(identity, None))
    assert outcomes[::2] == ["second_factor_failed"] * 5 + ["rate_limited"]
    assert outcomes[1::2] == ["second_factor_required"] * 4 + ["rate_limited"] * 2
    assert await code_of(identity, owner.next_code()) == "rate_limited"


@pytest.mark.req("ORG-4")
async def test_new_recovery_codes_take_password_and_code_and_void_the_old_ones(
    ground: Ground, identity: Requests
) -> None:
    owner = await with_second_factor(ground, identity)
    old = owner.recovery_codes
    for password, code, refused in (
        (WRONG, old[0], "sign_in_failed"),
        (ONE_TIME, wrong(owner.app), "second_factor_failed"),
    ):
        request = RenewRecoveryCodes(current_password=password, second_factor=code)
        assert (await refusal(identity, request, owner.call)).code == refused
    renewed = await identity.ask(
        RenewRecoveryCodes(current_password=ONE_TIME, second_factor=owner.next_code()), owner.call
    )
    assert set(renewed.codes).isdisjoint(old)
    assert await code_of(identity, old[1]) == "second_factor_failed"
    assert await code_of(identity, renewed.codes[0]) == "signed in"


@pytest.mark.req("ORG-4")
async def test_removing_it_takes_password_and_code_and_leaves_nothing(
    ground: Ground, settings: IdentitySettings, identity: Requests
) -> None:
    owner = await with_second_factor(ground, identity)
    for password, code, refused in (
        (WRONG, owner.next_code(), "sign_in_failed"),
        (ONE_TIME, wrong(owner.app), "second_factor_failed"),
    ):
        request = RemoveSecondFactor(current_password=password, second_factor=code)
        assert (await refusal(identity, request, owner.call)).code == refused
    right = RemoveSecondFactor(current_password=ONE_TIME, second_factor=owner.recovery_codes[0])
    await identity.ask(right, owner.call)
    assert (await signed_in(identity)).token
    assert (await refusal(identity, right, owner.call)).code == "second_factor_missing"
    assert "{" not in await contents(settings, "second_factors", "recovery_codes")


@pytest.mark.req("ORG-4")
async def test_neither_secret_nor_codes_lie_open_in_the_database_or_its_outbox(
    ground: Ground, settings: IdentitySettings, identity: Requests
) -> None:
    owner = await with_second_factor(ground, identity)
    text = await contents(settings, "second_factors", "recovery_codes", "outbox")
    assert str(owner.facts.user) in text
    for secret in (owner.app.secret, owner.app.secret.encode().hex(), *owner.recovery_codes):
        assert secret not in text
        assert codes.plain(secret) not in text


async def test_a_service_and_a_token_have_no_second_factor(ground: Ground, identity: Requests) -> None:
    facts = (await signed_in(identity)).facts
    without_session = ground.call(Actor("service", "gateway"))
    for request in (GetSecondFactor(), PrepareSecondFactor(current_password=ONE_TIME)):
        assert (await refusal(identity, request, without_session)).code == "not_signed_in"
    assert facts.second_factor_setup_required is False


@pytest.mark.req("AUD-1")
async def test_what_happens_to_a_second_factor_is_recorded(ground: Ground, identity: Requests) -> None:
    owner = await with_second_factor(ground, identity)
    await code_of(identity, None)
    await code_of(identity, owner.recovery_codes[0])
    await identity.ask(RenewRecoveryCodes(current_password=ONE_TIME, second_factor=owner.recovery_codes[1]), owner.call)
    await identity.ask(RemoveSecondFactor(current_password=ONE_TIME, second_factor=owner.next_code()), owner.call)
    said = [
        "session_opened",
        "second_factor_prepared",
        "second_factor_confirmed",
        "sign_in_refused",
        "recovery_code_used",
        "session_opened",
        "recovery_code_used",
        "recovery_codes_renewed",
        "second_factor_removed",
    ]
    async with ground.asking("audit") as audit:

        async def all_of_them() -> list[Fact] | None:
            found = await of_people(audit)
            return found if len(found) >= len(said) else None

        facts = await eventually(all_of_them)
    assert [fact.subject.rpartition(".")[2] for fact in facts] == said
    assert facts[3].data["code"] == "second_factor_required"
    assert {fact.origin.user for fact in facts} == {owner.facts.user}


@pytest.fixture
async def strict(ground: Ground, settings: IdentitySettings) -> AsyncIterator[Requests]:
    """An installation where everybody must have a second factor."""
    await apply(ground.nats.url, ground.nats.passwords["setup"])
    compulsory = settings.model_copy(update={"second_factor_compulsory": True})
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(ground.running("identity", compulsory, service, MIGRATIONS))
        yield await stack.enter_async_context(ground.asking())


@pytest.mark.req("ORG-4")
async def test_where_it_is_compulsory_a_session_says_that_it_must_be_set_up_until_it_is(
    ground: Ground, strict: Requests
) -> None:
    opened = await signed_in(strict)
    assert opened.facts.second_factor_setup_required
    assert opened.facts.view.second_factor_setup_required
    owner = await with_second_factor(ground, strict)
    assert (await strict.ask(GetSecondFactor(), owner.call)).compulsory
    facts = await strict.ask(GetSession(token_sha256=token_sha256(opened.token)))
    assert not facts.second_factor_setup_required
    await strict.ask(RemoveSecondFactor(current_password=ONE_TIME, second_factor=owner.next_code()), owner.call)
    facts = await strict.ask(GetSession(token_sha256=token_sha256(opened.token)))
    assert facts.second_factor_setup_required


def wrong(app: pyotp.TOTP) -> str:
    """A code that the app does not show these minutes."""
    near = {app.at(now() + n * STEP) for n in range(-4, 5)}
    return next(code for code in (f"{n:06}" for n in range(20)) if code not in near)


async def code_of(identity: Requests, typed: str | None) -> str:
    """How a sign-in with the right password and this second factor ends."""
    try:
        await signed_in(identity, second_factor=typed)
    except Refused as refused:
        return refused.code
    return "signed in"


async def contents(settings: IdentitySettings, *tables: str) -> str:
    """Every row of these tables, as JSON."""
    url, password = settings.database_url, settings.database_password.get_secret_value()
    async with Database(url, password) as db, db.read() as rows:
        found = [await rows.fetch(f"SELECT to_jsonb(t)::text AS row FROM {table} t") for table in tables]  # noqa: S608
    return "".join(row["row"] for part in found for row in part)
