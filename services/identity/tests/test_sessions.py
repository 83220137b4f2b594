"""One's own sessions and trusted devices: listed, ended, forgotten."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import col

from dermfolio.common.auth import Actor, Call
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.testing import Ground
from dermfolio.contracts.account import EndAllSessions, EndSession, ForgetDevice, ListSessions, RemoveSecondFactor
from dermfolio.contracts.identity import ChangePassword, GetSession, SignIn, SignOut
from dermfolio.contracts.messages import Request, now
from dermfolio.identity import passwords
from dermfolio.identity.models import Session
from dermfolio.identity.settings import IdentitySettings
from dermfolio.identity.tokens import token_sha256

from .conftest import ONE_TIME
from .people import NEW, WRONG, actor_of, refusal, signed_in, somewhere, with_trusted_device


@pytest.fixture
async def db(settings: IdentitySettings) -> AsyncIterator[Database]:
    async with Database(settings.database_url, settings.database_password.get_secret_value()) as opened:
        yield opened


async def is_open(identity: Requests, token: str) -> bool:
    request = GetSession(token_sha256=token_sha256(token))
    try:
        await identity.ask(request)
    except Refused:
        return False
    return True


async def colleague(db: Database, ground: Ground) -> Call:
    """Somebody else, who has the admin's password."""
    user = uuid4()
    async with db.write() as s:
        await s.execute(
            sa.text(
                "INSERT INTO users"
                " (id, login, display_name, search_text, password_hash, password_change_required, created_at)"
                " SELECT :id, 'colleague', 'Colleague', 'colleague', password_hash, false, now()"
                " FROM users WHERE login = 'admin'"
            ),
            {"id": user},
        )
    return ground.call(Actor("user", "gateway", user=user, session=uuid4()))


@pytest.mark.req("ORG-5")
async def test_sessions_are_listed_with_where_they_were_opened(ground: Ground, identity: Requests) -> None:
    first = await identity.ask(SignIn(login="admin", password=ONE_TIME), somewhere("192.0.2.7", "Firefox (β)"))
    second = await identity.ask(SignIn(login="admin", password=ONE_TIME), somewhere("2001:db8::1"))
    await signed_in(identity)
    here = ground.call(actor_of(second.facts))
    listed = {row.id: row for row in (await identity.ask(ListSessions(), here)).sessions}
    assert len(listed) == 3
    row = listed[first.facts.session]
    assert (row.this, row.address, row.user_agent) == (False, "192.0.2.7", "Firefox (β)")
    assert row.opened_at <= row.last_seen_at < row.expires_at == first.facts.expires_at
    assert [row.id for row in listed.values() if row.this] == [second.facts.session]


@pytest.mark.req("ORG-5")
async def test_sessions_that_are_over_are_not_listed(ground: Ground, identity: Requests, db: Database) -> None:
    opened = [await signed_in(identity) for _ in range(4)]
    gone = [one.facts.session for one in opened[:3]]
    await identity.ask(SignOut(), ground.call(actor_of(opened[0].facts)))
    async with db.write() as s:
        for session, column in ((gone[1], Session.last_seen_at), (gone[2], Session.expires_at)):
            past = sa.update(Session).where(col(Session.id) == session)
            await s.execute(past.values({column: now() - timedelta(hours=1)}))
    here = ground.call(actor_of(opened[3].facts))
    assert [row.id for row in (await identity.ask(ListSessions(), here)).sessions] == [opened[3].facts.session]


@pytest.mark.req("ORG-5")
async def test_one_session_is_ended_and_the_others_live_on(ground: Ground, identity: Requests) -> None:
    here, there = await signed_in(identity), await signed_in(identity)
    call = ground.call(actor_of(here.facts))
    for _ in range(2):
        await identity.ask(EndSession(session=there.facts.session), call)
    assert not await is_open(identity, there.token)
    assert await is_open(identity, here.token)


@pytest.mark.req("ORG-5")
async def test_somebody_elses_session_and_device_are_as_if_they_were_not(
    ground: Ground, identity: Requests, db: Database
) -> None:
    owner, _ = await with_trusted_device(ground, identity)
    listed = await identity.ask(ListSessions(), owner.call)
    other = await colleague(db, ground)
    nothing = uuid4()
    requests: list[tuple[Request[object], Request[object]]] = [
        (EndSession(session=owner.facts.session), EndSession(session=nothing)),
        (ForgetDevice(device=listed.devices[0].id), ForgetDevice(device=nothing)),
    ]
    for foreign, missing in requests:
        refusals = [await refusal(identity, request, other) for request in (foreign, missing)]
        assert [(r.code, r.facts) for r in refusals] == [("not_found", {})] * 2
    after = await identity.ask(ListSessions(), owner.call)
    assert (len(after.sessions), len(after.devices)) == (len(listed.sessions), 1)
    assert (await identity.ask(ListSessions(), other)).devices == []


@pytest.mark.req("ORG-5")
async def test_logging_out_of_all_devices_ends_everything_of_ones_own_and_nothing_of_others(
    ground: Ground, identity: Requests, db: Database
) -> None:
    owner, device = await with_trusted_device(ground, identity)
    await colleague(db, ground)
    others = await signed_in(identity, login="colleague")
    mine = await signed_in(identity, device_sha256=device)
    await identity.ask(EndAllSessions(), owner.call)
    assert not await is_open(identity, mine.token)
    assert await is_open(identity, others.token)
    listed = await identity.ask(ListSessions(), owner.call)
    assert (listed.sessions, listed.devices) == ([], [])
    again = SignIn(login="admin", password=ONE_TIME, device_sha256=device)
    assert (await refusal(identity, again)).code == "second_factor_required"


@pytest.mark.req("ORG-4")
async def test_in_a_trusted_browser_the_password_is_enough_for_its_owner_alone(
    ground: Ground, identity: Requests, db: Database
) -> None:
    owner, device = await with_trusted_device(ground, identity)
    assert (await signed_in(identity, device_sha256=device)).facts.user == owner.facts.user
    assert (await signed_in(identity, device_sha256=device, trust_device=True)).device is None, "it is trusted already"
    wrong = SignIn(login="admin", password=WRONG, device_sha256=device)
    assert (await refusal(identity, wrong)).code == "sign_in_failed"
    made_up = SignIn(login="admin", password=ONE_TIME, device_sha256=token_sha256("made up"))
    assert (await refusal(identity, made_up)).code == "second_factor_required"
    other = await colleague(db, ground)
    async with db.write() as s:
        await s.execute(sa.text('UPDATE trusted_devices SET "user" = :other'), {"other": other.user()})
    foreign = SignIn(login="admin", password=ONE_TIME, device_sha256=device)
    assert (await refusal(identity, foreign)).code == "second_factor_required"


@pytest.mark.req("ORG-4")
async def test_trusting_a_browser_takes_a_second_factor(identity: Requests) -> None:
    assert (await signed_in(identity, trust_device=True)).device is None


@pytest.mark.req("ORG-4")
@pytest.mark.parametrize("ending", ["forgotten", "password changed", "second factor removed", "old"])
async def test_a_browser_is_trusted_until(ground: Ground, identity: Requests, db: Database, ending: str) -> None:
    owner, device = await with_trusted_device(ground, identity)
    listed = (await identity.ask(ListSessions(device_sha256=device), owner.call)).devices
    assert [row.this for row in listed] == [True]
    password = ONE_TIME
    match ending:
        case "forgotten":
            await identity.ask(ForgetDevice(device=listed[0].id), owner.call)
        case "password changed":
            password = NEW
            await identity.ask(ChangePassword(current_password=ONE_TIME, new_password=NEW), owner.call)
        case "second factor removed":
            removal = RemoveSecondFactor(current_password=ONE_TIME, second_factor=owner.recovery_codes[0])
            await identity.ask(removal, owner.call)
        case "old":
            async with db.write() as s:
                await s.execute(sa.text("UPDATE trusted_devices SET expires_at = expires_at - interval '30 days'"))
    assert (await identity.ask(ListSessions(device_sha256=device), owner.call)).devices == []
    if ending != "second factor removed":
        again = SignIn(login="admin", password=password, device_sha256=device)
        assert (await refusal(identity, again)).code == "second_factor_required"


@pytest.mark.req("ORG-3")
async def test_who_guesses_elsewhere_does_not_shut_out_a_trusted_browser(ground: Ground, identity: Requests) -> None:
    _, device = await with_trusted_device(ground, identity)
    for _ in range(5):
        await refusal(identity, SignIn(login="admin", password=WRONG))
    assert (await refusal(identity, SignIn(login="admin", password=ONE_TIME))).code == "rate_limited"
    assert (await signed_in(identity, device_sha256=device)).token
    for _ in range(5):
        await refusal(identity, SignIn(login="admin", password=WRONG, device_sha256=device))
    stolen = SignIn(login="admin", password=ONE_TIME, device_sha256=device)
    assert (await refusal(identity, stolen)).code == "rate_limited", "a stolen one guesses no faster"


async def test_a_sign_in_that_was_under_way_does_not_outlive_a_changed_password(
    ground: Ground, identity: Requests, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = ground.call(actor_of((await signed_in(identity)).facts))
    slow = passwords.matches

    async def meanwhile(stored: str | None, password: str) -> bool:
        right = await slow(stored, password)
        monkeypatch.setattr(passwords, "matches", slow)
        await identity.ask(ChangePassword(current_password=ONE_TIME, new_password=NEW), call)
        return right

    monkeypatch.setattr(passwords, "matches", meanwhile)
    assert (await refusal(identity, SignIn(login="admin", password=ONE_TIME))).code == "sign_in_failed"
    async with db.read() as rows:
        assert await rows.fetchval("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == 1
