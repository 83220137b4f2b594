"""Signing in, sessions, passwords, the first start."""

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from argon2 import extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.common.auth import Actor, Call
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.host import hosted
from dermfolio.common.migrate import newest, upgrade_async
from dermfolio.common.settings import key_bytes
from dermfolio.common.testing import Ground, eventually
from dermfolio.contracts.identity import ChangePassword, GetSession, SessionFacts, SignedIn, SignIn, SignOut
from dermfolio.contracts.replay import Fact
from dermfolio.contracts.roles import Role
from dermfolio.identity import passwords
from dermfolio.identity.app import service
from dermfolio.identity.first_start import ensure_first_admin
from dermfolio.identity.keyring import Keyring
from dermfolio.identity.policy import Policy
from dermfolio.identity.settings import IdentitySettings
from dermfolio.identity.sign_in import sign_in
from dermfolio.identity.tokens import token_sha256

from .conftest import MIGRATIONS, ONE_TIME
from .facts import of_people

NEW = "Corium-Stratum-7!"


async def signed_in(identity: Requests, password: str = ONE_TIME, login: str = "admin") -> SignedIn:
    return await identity.ask(SignIn(login=login, password=password))


def actor_of(facts: SessionFacts) -> Actor:
    return Actor("user", "gateway", user=facts.user, session=facts.session)


@pytest.mark.req("ORG-2")
async def test_the_first_admin_is_also_site_admin_of_the_first_site_and_must_change_the_password(
    ground: Ground, identity: Requests
) -> None:
    facts = (await signed_in(identity)).facts
    [site] = facts.view.sites
    assert (site.name, site.roles) == ("Zürich", [Role.SITE_ADMIN])
    assert facts.installation_roles == [Role.ADMIN]
    assert facts.password_change_required
    await identity.ask(ChangePassword(current_password=ONE_TIME, new_password=NEW), ground.call(actor_of(facts)))
    assert not (await signed_in(identity, NEW)).facts.password_change_required
    with pytest.raises(Refused):
        await signed_in(identity, ONE_TIME)


@pytest.mark.req("ORG-2")
async def test_two_replicas_that_start_at_once_make_one_installation(
    ground: Ground, settings: IdentitySettings, identity: Requests
) -> None:
    async with hosted("identity", settings, service, "serve", newest(MIGRATIONS)):
        site_of = {(await signed_in(identity)).facts.view.sites[0].site for _ in range(2)}
    assert len(site_of) == 1


async def test_a_wrong_password_and_an_unknown_login_are_refused_alike(identity: Requests) -> None:
    for login, password in (("admin", "Wrong-Password-1!"), ("nobody", ONE_TIME), ("ADMIN ", "x")):
        with pytest.raises(Refused) as refused:
            await signed_in(identity, password, login)
        assert (refused.value.code, refused.value.facts) == ("sign_in_failed", {})
    assert (await signed_in(identity, login="Admin")).facts.view.login == "admin"


def test_the_hash_of_nobody_costs_what_the_others_cost() -> None:
    """What is imported, not what the tests put in its place."""
    made = importlib.util.find_spec("dermfolio.identity.passwords")
    assert made is not None
    assert made.loader is not None
    real = importlib.util.module_from_spec(made)
    made.loader.exec_module(real)
    assert extract_parameters(real._nobody) == extract_parameters(real._hasher.hash("x"))


async def test_a_login_that_does_not_exist_takes_the_same_path(settings: IdentitySettings) -> None:
    await upgrade_async(settings, MIGRATIONS)
    url, password = settings.database_url, settings.database_password.get_secret_value()
    keyring, call = Keyring(key_bytes(settings.identity_key)), Call(Actor("service", "gateway"), address="192.0.2.1")
    taken: dict[str, list[str]] = {}
    async with Database(url, password) as db:
        await ensure_first_admin(db, settings)
        for login in ("admin", "nobody"):
            asked = SignIn(login=login, password="Wrong-Password-1!", second_factor="123456", device_sha256="0" * 64)
            with statements() as seen, pytest.raises(Refused):
                await sign_in(db, keyring, Policy(settings), call, asked)
            taken[login] = seen
    assert len(taken["admin"]) > 5
    assert taken["nobody"] == taken["admin"]


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL that is executed meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.mark.req("ORG-5")
async def test_a_session_is_known_by_its_hash_until_it_is_ended(ground: Ground, identity: Requests) -> None:
    opened = await signed_in(identity)
    request = GetSession(token_sha256=token_sha256(opened.token))
    assert (await identity.ask(request)).session == opened.facts.session
    await identity.ask(SignOut(), ground.call(actor_of(opened.facts)))
    for gone in (request, GetSession(token_sha256=token_sha256("made up"))):
        with pytest.raises(Refused) as refused:
            await identity.ask(gone)
        assert refused.value.code == "not_signed_in"


@pytest.mark.req("ORG-5")
@pytest.mark.parametrize("aged", ["last_seen_at = now() - interval '31 minutes'", "expires_at = now()"])
async def test_a_session_ends_when_it_is_idle_or_old(settings: IdentitySettings, identity: Requests, aged: str) -> None:
    opened = await signed_in(identity)
    async with Database(settings.database_url, settings.database_password.get_secret_value()) as db:
        await db.execute(f"UPDATE sessions SET {aged}")  # noqa: S608 - the test's own words
    with pytest.raises(Refused) as refused:
        await identity.ask(GetSession(token_sha256=token_sha256(opened.token)))
    assert refused.value.code == "not_signed_in"


async def test_a_socket_that_asks_for_its_session_does_not_keep_it_alive(
    settings: IdentitySettings, identity: Requests
) -> None:
    opened = await signed_in(identity)
    async with Database(settings.database_url, settings.database_password.get_secret_value()) as db:
        async with db.write() as s:
            await s.execute(sa.text("UPDATE sessions SET last_seen_at = last_seen_at - interval '20 minutes'"))
        for in_use, seconds in ((False, 1200), (True, 0)):
            await identity.ask(GetSession(token_sha256=token_sha256(opened.token), in_use=in_use))
            async with db.read() as rows:
                idle = await rows.fetchval("SELECT extract(epoch FROM now() - last_seen_at) FROM sessions")
            assert seconds <= idle < seconds + 600


async def test_a_changed_password_ends_the_other_sessions(ground: Ground, identity: Requests) -> None:
    here, elsewhere = await signed_in(identity), await signed_in(identity)
    await identity.ask(ChangePassword(current_password=ONE_TIME, new_password=NEW), ground.call(actor_of(here.facts)))
    assert await identity.ask(GetSession(token_sha256=token_sha256(here.token)))
    with pytest.raises(Refused):
        await identity.ask(GetSession(token_sha256=token_sha256(elsewhere.token)))


@pytest.mark.req("ORG-3")
@pytest.mark.parametrize(
    "weak", ["Short-1!", "no-upper-case-1!", "NO-LOWER-CASE-1!", "No-Digit-Here-!", "NoSpecial12345", ONE_TIME]
)
async def test_a_weak_or_unchanged_password_is_refused(ground: Ground, identity: Requests, weak: str) -> None:
    facts = (await signed_in(identity)).facts
    with pytest.raises(Refused) as refused:
        await identity.ask(ChangePassword(current_password=ONE_TIME, new_password=weak), ground.call(actor_of(facts)))
    assert refused.value.code == "weak_password"


@given(st.text(max_size=40))
def test_a_strong_password_has_twelve_characters_of_four_kinds(text: str) -> None:
    kinds = (str.isupper, str.islower, str.isdigit, lambda c: not c.isalnum() and not c.isspace())
    assert passwords.is_strong(text) == (len(text) >= 12 and all(any(map(kind, text)) for kind in kinds))


@pytest.mark.req("AUD-1")
async def test_sign_ins_and_refusals_are_facts_of_the_user_they_are_about(ground: Ground, identity: Requests) -> None:
    opened = await signed_in(identity)
    with pytest.raises(Refused):
        await signed_in(identity, "Wrong-Password-1!")
    async with ground.asking("audit") as audit:

        async def both() -> list[Fact] | None:
            found = await of_people(audit)
            return found if len(found) == 2 else None

        facts = await eventually(both)
    assert [(f.subject, f.origin.user) for f in facts] == [
        ("evt.identity.session_opened", opened.facts.user),
        ("evt.identity.sign_in_refused", opened.facts.user),
    ]
    assert facts[1].data["outcome"] == "denied"


async def test_a_service_cannot_sign_out_for_nobody(identity: Requests) -> None:
    with pytest.raises(Refused) as refused:
        await identity.ask(SignOut())
    assert refused.value.code == "not_signed_in"
