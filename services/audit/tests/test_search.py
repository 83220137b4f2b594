"""A search finds what a walk over every record finds, page by page, in order of time."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, get_args
from uuid import UUID, uuid4

import pytest

from dermfolio.audit import search
from dermfolio.common.auth import Actor
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.testing import Ground, at, user
from dermfolio.contracts.audit import ListTrail
from dermfolio.contracts.messages import Action
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.audit import Outcome, TrailFilter, TrailRecord

if TYPE_CHECKING:
    from services.audit.tests.conftest import Producers, Trail

pytestmark = pytest.mark.req("AUD-4")

AUDITOR = user(installation=Role.AUDITOR)
SITES = [uuid4() for _ in range(3)]
PATIENTS = [uuid4() for _ in range(4)]
USERS = [uuid4() for _ in range(4)]
ADDRESSES = ["192.0.2.1", "192.0.2.12", "2001:db8::7"]
EVENTS = ["viewed", "created", "denied", "shared", "never_heard_of"]
BEGIN = datetime(2026, 1, 20, tzinfo=UTC)


@pytest.fixture
async def records(trail: Trail, producers: Producers) -> list[dict[str, Any]]:
    """300 records over three months, some late, some at the same moment; as stored."""
    dice = random.Random(5)
    say = producers.patients.say
    for _ in range(300):
        who = dice.choice([*USERS, None])
        origin = Origin(
            user=who,
            service=None if who else "images",
            roles=sorted(dice.sample(list(Role), dice.randint(0, 3))),
            address=dice.choice([*ADDRESSES, None]),
        )
        about = {"site": dice.choice([*SITES, None]), "patient": dice.choice([*PATIENTS, None])}
        data = {name: str(value) for name, value in about.items() if value}
        fact = say(dice.choice(EVENTS), origin, outcome=dice.choice(get_args(Outcome)), **data)
        moment = BEGIN + timedelta(hours=dice.randint(0, 24 * 60))
        producers.patients.facts[-1] = fact.model_copy(update={"at": moment})
    await trail.take_up(producers.patients)
    return await trail.records()


def positions(records: list[dict[str, Any]]) -> list[int]:
    """Of these records, the newest first."""
    return [r["position"] for r in sorted(records, key=lambda r: (r["at"], r["position"]), reverse=True)]


async def found(
    audit: Requests, ground: Ground, actor: Actor = AUDITOR, *, limit: int = 7, **wanted: Any
) -> list[TrailRecord]:
    """Every page of a search, without the records of the searching itself."""
    shown: list[TrailRecord] = []
    before = None
    while True:
        request = ListTrail(before=before, limit=limit, filter=TrailFilter(**wanted))
        page = await audit.ask(request, ground.call(actor))
        shown += page.records
        if page.next is None:
            return [record for record in shown if record.event.startswith("patients.")]
        before = int(page.next)


FILTERS: dict[str, list[Any]] = {
    "user": USERS[:2],
    "role": list(Role),
    "site": SITES[:1],
    "patient": PATIENTS[:2],
    "event": ["patients.viewed", "patients.never_heard_of", "patients.nothing_like_it"],
    "action": list(get_args(Action)),
    "outcome": list(get_args(Outcome)),
    "object_kind": ["patient", "unknown"],
    "object_id": [str(PATIENTS[0])],
    "address": [*ADDRESSES, "192.0.2."],
}


def holds(record: dict[str, Any], name: str, value: Any) -> bool:
    """Whether a record is one that a filter wants."""
    if name == "role":
        return value in record.get("roles", [])
    if name == "since":
        return bool(record["at"] >= value.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    if name == "until":
        return bool(record["at"] < value.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    return record.get(name) == str(value)


async def test_each_filter_finds_what_it_says_and_nothing_else(
    audit: Requests, ground: Ground, records: list[dict[str, Any]]
) -> None:
    for name, values in FILTERS.items():
        for value in values:
            shown = [r.position for r in await found(audit, ground, limit=50, **{name: value})]
            assert shown == positions([r for r in records if holds(r, name, value)]), (name, value)


async def test_filters_are_combined_with_each_other_and_with_a_time(
    audit: Requests, ground: Ground, records: list[dict[str, Any]]
) -> None:
    dice = random.Random(7)
    kept = 0
    for _ in range(40):
        wanted = {name: dice.choice(FILTERS[name]) for name in dice.sample(list(FILTERS), dice.randint(0, 2))}
        since = BEGIN + timedelta(days=dice.randint(0, 30))
        wanted |= {"since": since, "until": since + timedelta(days=dice.randint(1, 30))}
        expected = positions([r for r in records if all(holds(r, *each) for each in wanted.items())])
        assert [r.position for r in await found(audit, ground, limit=dice.randint(1, 60), **wanted)] == expected
        kept += len(expected)
    assert kept


async def test_pages_follow_each_other_across_months_and_through_equal_moments(
    audit: Requests, ground: Ground, records: list[dict[str, Any]]
) -> None:
    for limit in (1, 7, 299, 300):
        shown = [r.position for r in await found(audit, ground, limit=limit, event="patients.viewed")]
        assert shown == positions([r for r in records if r["event"] == "patients.viewed"])


async def test_people_of_a_site_find_only_what_is_of_their_sites(
    audit: Requests, ground: Ground, records: list[dict[str, Any]]
) -> None:
    one, two = at(SITES[0], Role.SITE_ADMIN), user(**{str(site): Role.SITE_ADMIN for site in SITES[:2]})
    for actor, sites in ((one, SITES[:1]), (two, SITES[:2])):
        own = [r for r in records if r.get("site") in map(str, sites)]
        assert [r.position for r in await found(audit, ground, actor)] == positions(own)
        for name in ("user", "role", "event", "action", "outcome", "address", "site"):
            value = FILTERS[name][-1]
            shown = [r.position for r in await found(audit, ground, actor, **{name: value})]
            assert shown == positions([r for r in own if holds(r, name, value)]), (name, value)
    assert await found(audit, ground, one, site=SITES[1]) == []


async def test_a_page_behind_a_record_that_is_not_there_is_refused(audit: Requests, ground: Ground) -> None:
    with pytest.raises(Refused) as refused:
        await audit.ask(ListTrail(before=10**6), ground.call(AUDITOR))
    assert refused.value.code == "invalid_request"


async def test_a_search_that_takes_too_long_is_refused_with_what_to_do(
    db: Database, records: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "SECONDS", 0.000_001)
    async with db.read() as rows:
        with pytest.raises(Refused) as refused:
            await search.newest(rows, TrailFilter(), None, before=None, limit=10)
    assert refused.value.code == "search_too_broad"


async def test_what_was_looked_for_is_in_the_record_of_the_search(
    audit: Requests, ground: Ground, trail: Trail, records: list[dict[str, Any]]
) -> None:
    wanted = TrailFilter(since=BEGIN, user=USERS[0], site=SITES[0], outcome="denied")
    await audit.ask(ListTrail(filter=wanted), ground.call(AUDITOR))
    listed = (await trail.records())[-1]
    assert listed["site"] == str(SITES[0])
    assert listed["detail"]["filter"] == {
        "since": "2026-01-20T00:00:00Z",
        "user": str(USERS[0]),
        "outcome": "denied",
    }


@pytest.mark.parametrize("name", [name for name in FILTERS if name != "role"])
async def test_each_filter_is_a_walk_along_an_index_of_its_own_that_needs_no_sorting(db: Database, name: str) -> None:
    await db.execute("SELECT make_month(now()), make_month(now() + interval '40 days')")
    query = search.page_of(TrailFilter(**{name: FILTERS[name][0]}), None, limit=50)
    if name == "outcome":
        query = search.page_of(TrailFilter(outcome="denied"), None, limit=50)
    async with db.read() as rows:
        await rows.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")  # the table is empty
        plan = "\n".join(row[0] for row in await rows.fetch(f"EXPLAIN {query.sql()}", *query.arguments))
    assert len(re.findall("Index Scan Backward using", plan)) == 2, plan
    assert "Sort" not in plan
    assert "Filter" not in plan


async def test_a_late_record_of_a_month_nobody_thought_of_has_its_place(trail: Trail, producers: Producers) -> None:
    for moment in (datetime(1999, 12, 31, 23, 59, 59, 999999, UTC), datetime(9999, 1, 1, tzinfo=UTC)):
        producers.images.say()
        producers.images.facts[-1] = producers.images.facts[-1].model_copy(update={"at": moment})
    await trail.take_up(producers.images)
    async with trail.db.read() as rows:
        months = await rows.fetch(
            "SELECT relid::regclass::text FROM pg_partition_tree('trail') WHERE isleaf ORDER BY 1"
        )
    assert [row[0] for row in months] == ["trail_1999_12", "trail_9999_01"]
    assert (await trail.verify()).intact
    assert isinstance(UUID((await trail.records())[0]["id"]), UUID)
