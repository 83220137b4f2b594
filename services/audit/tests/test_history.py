"""Users see the security history of their own account, and nothing of anybody else's."""

from __future__ import annotations

import asyncio
import re
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args
from uuid import UUID, uuid4

import pytest

from dermfolio.audit import search
from dermfolio.common.auth import Actor
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.migrate import newest, upgrade_async
from dermfolio.common.testing import Ground, at, user
from dermfolio.contracts.audit import ListHistory, ListTrail
from dermfolio.contracts.catalog import EVENTS_BY_SUBJECT
from dermfolio.contracts.messages import now
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.roles import Permission, Role
from dermfolio.contracts.views.history import AccountEvent, DeniedEvent, HistoryRecord
from dermfolio.local.testing import NewDatabase

from .conftest import settings_on

if TYPE_CHECKING:
    from services.audit.tests.conftest import Producers, Trail

MIGRATIONS = Path(__file__).parents[1] / "migrations"

pytestmark = pytest.mark.req("AUD-4")

SOMEBODY = at(uuid4(), Role.VIEWER)
ME = SOMEBODY.user
OWN = Origin(user=ME, session=uuid4(), roles=["viewer"], address="192.0.2.7", user_agent="Browser/1")
ADMINISTRATOR = Origin(user=uuid4(), session=uuid4(), roles=["admin"], address="198.51.100.1", user_agent="Office/1")
GATEWAY = Origin(service="gateway", address="203.0.113.9", user_agent="Browser/2")


async def history(audit: Requests, ground: Ground, actor: Actor = SOMEBODY, **query: Any) -> list[HistoryRecord]:
    """The whole history of an actor, page by page."""
    records: list[HistoryRecord] = []
    before = None
    while True:
        page = await audit.ask(ListHistory(before=before, **query), ground.call(actor))
        assert len(page.records) <= query.get("limit", 50)
        records += page.records
        if page.next is None:
            return records
        before = int(page.next)


def about(name: str, account: UUID | None, **more: Any) -> dict[str, Any]:
    """The data of a fact of identity about an account."""
    named = EVENTS_BY_SUBJECT[f"evt.identity.{name}"].about
    other = {} if named == "user" else {named: str(uuid4())}
    return other | more | {"user": None if account is None else str(account)}


async def test_what_one_did_and_what_was_done_to_one_is_listed_newest_first(
    audit: Requests, ground: Ground, trail: Trail, producers: Producers
) -> None:
    said, site = producers.identity.say, str(uuid4())
    said("sign_in_refused", OWN, **about("sign_in_refused", ME, code="sign_in_failed", outcome="denied"))
    opened = said("session_opened", OWN, **about("session_opened", ME))
    said("token_made", OWN, **about("token_made", ME))
    said("second_factor_removed", ADMINISTRATOR, **about("second_factor_removed", ME))
    said("session_ended", ADMINISTRATOR, **about("session_ended", ME))
    said("roles_changed", GATEWAY, **about("roles_changed", ME, site=site, roles=["viewer"]))
    await trail.take_up(producers.identity)
    shown = await history(audit, ground, limit=2)
    assert [(r.position, r.event.removeprefix("identity."), r.by, r.outcome) for r in shown] == [
        (6, "roles_changed", "system", "success"),
        (5, "session_ended", "administrator", "success"),
        (4, "second_factor_removed", "administrator", "success"),
        (3, "token_made", "oneself", "success"),
        (2, "session_opened", "oneself", "success"),
        (1, "sign_in_refused", "oneself", "denied"),
    ]
    roles, ended, _, _, signed_in, refused = shown
    assert (roles.site, roles.roles, roles.address) == (UUID(site), [Role.VIEWER], GATEWAY.address)
    assert (signed_in.at, signed_in.address, signed_in.user_agent) == (opened.at, OWN.address, OWN.user_agent)
    assert (refused.code, signed_in.code) == ("sign_in_failed", None)
    assert ended.administrator == ADMINISTRATOR.user


async def test_where_administrators_sit_is_not_shown(
    audit: Requests, ground: Ground, trail: Trail, producers: Producers
) -> None:
    for name in ("password_link_made", "user_disabled", "session_ended"):
        producers.identity.say(name, ADMINISTRATOR, **about(name, ME))
    await trail.take_up(producers.identity)
    shown = await history(audit, ground)
    assert [(r.by, r.address, r.user_agent) for r in shown] == [("administrator", None, None)] * 3


async def test_what_one_did_to_others_is_their_history_and_not_ones_own(
    audit: Requests, ground: Ground, trail: Trail, producers: Producers
) -> None:
    other = at(uuid4(), Role.VIEWER)
    producers.identity.say("second_factor_removed", OWN, **about("second_factor_removed", other.user))
    await trail.take_up(producers.identity)
    assert await history(audit, ground) == []
    assert [r.administrator for r in await history(audit, ground, other)] == [ME]


async def test_a_sign_in_under_a_name_that_nobody_has_belongs_to_nobody(
    audit: Requests, ground: Ground, trail: Trail, producers: Producers
) -> None:
    producers.identity.say("sign_in_refused", GATEWAY, **about("sign_in_refused", None, outcome="denied"))
    await trail.take_up(producers.identity)
    assert await history(audit, ground) == []


async def test_what_one_was_refused_is_listed_whoever_refused_it(
    audit: Requests, ground: Ground, trail: Trail, producers: Producers
) -> None:
    for producer in producers.all():
        producer.say("denied", OWN, request=f"rpc.{producer.name}.get", code="not_found", outcome="denied")
        producer.say("denied", ADMINISTRATOR, request="rpc", code="forbidden", target=str(ME), outcome="denied")
        await trail.take_up(producer)
    with pytest.raises(Refused, match="forbidden"):
        await audit.ask(ListTrail(), ground.call(SOMEBODY))
    shown = await history(audit, ground)
    denied = ["registration.denied", "images.denied", "patients.denied", "identity.denied"]
    assert [r.event for r in shown] == ["audit.denied", *denied]
    assert {(r.by, r.outcome) for r in shown} == {("oneself", "denied")}
    assert [r.code for r in shown] == ["forbidden", *["not_found"] * len(denied)]


async def test_what_one_reads_and_refuses_without_denying_is_no_security(
    audit: Requests, ground: Ground, trail: Trail, producers: Producers
) -> None:
    producers.patients.say("viewed", OWN, patient=str(uuid4()))
    producers.patients.say("unique_id_refused", OWN, outcome="denied")
    producers.identity.say("user_changed", OWN, user=str(ME), fields=["display_name"], version=2)
    producers.identity.say("settings_changed", OWN, fields=["idle_minutes"], version=2)
    producers.identity.say("of_a_newer_version", OWN, user=str(ME))
    for producer in (producers.patients, producers.identity):
        await trail.take_up(producer)
    assert await history(audit, ground) == []


async def test_looking_is_a_record_of_the_trail_and_not_of_the_history(
    audit: Requests, ground: Ground, trail: Trail, producers: Producers
) -> None:
    for _ in range(3):
        producers.identity.say("session_opened", OWN, **about("session_opened", ME))
    await trail.take_up(producers.identity)
    await audit.ask(ListHistory(limit=2), ground.call(SOMEBODY))
    listed = (await trail.records())[-1]
    assert (listed["event"], listed["action"], listed["user"]) == ("audit.history_listed", "R", str(ME))
    assert (listed["object_kind"], listed["object_id"]) == ("user", str(ME))
    assert listed["detail"] == {"newest": 3, "oldest": 2}
    assert [r.position for r in await history(audit, ground)] == [3, 2, 1]
    assert (await trail.verify()).intact


async def test_everybody_has_a_history_and_no_token_reads_it(audit: Requests, ground: Ground) -> None:
    assert await history(audit, ground, user(installation=Role.AUDITOR)) == []
    token = Actor("user", "gateway", user=ME, session=uuid4(), scopes=frozenset(Permission))
    with pytest.raises(Refused, match="session_required"):
        await audit.ask(ListHistory(), ground.call(token))


PEOPLE = [at(uuid4(), Role.VIEWER) for _ in range(3)]
SHOWN = (*get_args(AccountEvent), *get_args(DeniedEvent))
NOT_SHOWN = ("identity.user_changed", "patients.viewed", "images.pool_viewed")


async def test_what_is_nobodys_or_somebody_elses_is_never_listed(
    audit: Requests, ground: Ground, trail: Trail, producers: Producers
) -> None:
    ids = [str(person.user) for person in PEOPLE]
    odd = ["x" * 5000, f"{ids[0]}-and-more", {"user": ids[0]}, [ids[0]], 7, ""]
    expected: dict[str, list[UUID]] = {id_: [] for id_ in ids}
    for event, named, by in product((*SHOWN, *NOT_SHOWN), (*ids, None, *odd), (*ids, None)):
        service, name = event.split(".")
        producer = getattr(producers, service, None)
        if producer is None:
            continue  # audit refuses by itself
        denied = event in get_args(DeniedEvent)
        origin = GATEWAY if by is None else Origin(user=UUID(by))
        outcome = "denied" if denied or "refused" in name else "success"
        fact = producer.say(name, origin, user=named, outcome=outcome)
        whose = by if denied else named
        if event in SHOWN and whose in ids:
            expected[whose].append(fact.id)
    for producer in producers.all():
        await trail.take_up(producer)
    places = {UUID(record["id"]): (record["at"], record["position"]) for record in await trail.records()}
    for person in PEOPLE:
        shown = [r.position for r in await history(audit, ground, person, limit=37)]
        in_order = sorted((places[id_] for id_ in expected[str(person.user)]), reverse=True)
        assert shown == [position for _, position in in_order]
        assert shown


async def test_a_page_is_read_down_two_indexes(db: Database) -> None:
    arguments = str(ME), get_args(AccountEvent), get_args(DeniedEvent), now(), 1000, 50
    await db.execute("SELECT make_month(now())")
    async with db.read() as rows:
        await rows.execute("SET enable_seqscan = off; SET enable_sort = off")  # the table is empty
        plan = "\n".join(row[0] for row in await rows.fetch(f"EXPLAIN {search.HISTORY}", *arguments))
    for key in ("detail,user", "'user'"):
        assert re.search(
            rf"Index Scan Backward using trail_\S+ on trail_.*\n +Index Cond: .*{key}.* AND \(at <= ", plan
        )


async def test_two_replicas_that_come_at_once_wait_for_each_other_and_for_no_index(
    ground: Ground, new_database: NewDatabase
) -> None:
    made = settings_on(ground, new_database("audit"), "http://127.0.0.1:1")
    async with Database(made.database_url, made.database_password.get_secret_value()) as database:
        await asyncio.gather(*(upgrade_async(made, MIGRATIONS) for _ in range(3)))
        async with database.read() as rows:
            assert await rows.fetchval("SELECT version_num FROM alembic_version") == newest(MIGRATIONS)
            assert await rows.fetchval("SELECT bool_and(indisvalid) FROM pg_index") is True
