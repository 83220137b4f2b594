"""A producer gives its facts again, in order and without gaps, a bounded page at a time, to its followers alone."""

import json
import random
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from dermfolio.common.auth import Actor, Call
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.common.outbox import BATCH, REPLAY_BYTES, Relay, replay
from dermfolio.common.plumbing import outbox
from dermfolio.common.testing import Ground
from dermfolio.contracts.images import ImageIngested, ImageRegistered, IngestImage, PoolViewed
from dermfolio.contracts.messages import Event, now
from dermfolio.contracts.replay import Fact, Facts, Origin, ReplayImages
from dermfolio.contracts.roles import Role

PATIENTS = Call(Actor("service", "patients"))
LONG_ORIGIN = Origin(
    user=uuid4(),
    session=uuid4(),
    roles=[role.value for role in Role],
    address="2001:db8::1",
    user_agent="\U0001f4f7" * 400,
)


async def _numbered(db: Database, *events: Event, origin: Origin | None = None) -> None:
    """Facts that were said and numbered; whether they were published makes no difference."""
    async with db.write() as s:
        for event in events:
            s.say(event, origin or Origin(user=UUID(int=1)))
    for _ in range(0, len(events), BATCH):
        await Relay(db, None)._stamp()  # type: ignore[arg-type] # nothing is published


def _ingested(number: int = 1) -> list[Event]:
    return [ImageIngested(image=uuid4(), patient=uuid4(), site=uuid4(), version=1, revision=1) for _ in range(number)]


async def _ask(db: Database, **question: Any) -> Facts:
    answer = await replay(db, ["patients"])(ReplayImages(**question), PATIENTS)
    return Facts.model_validate_json(answer.body)


async def _all(db: Database, **question: Any) -> list[Fact]:
    facts, after = [], 0
    while True:
        found = await _ask(db, after=after, **question)
        assert found.upto >= after
        facts += found.facts
        if found.upto >= found.head:
            return facts
        assert found.upto > after
        after = found.upto


async def test_a_fact_is_given_as_it_was_said_with_its_origin(db: Database) -> None:
    [event] = _ingested()
    await _numbered(db, event)
    found = await _ask(db, after=0)
    assert (found.upto, found.head) == (1, 1)
    [fact] = found.facts
    assert (fact.seq, fact.id, fact.subject, fact.at) == (1, event.id, event.subject, event.at)
    assert ImageIngested.model_validate(fact.data) == event
    assert fact.origin == Origin(user=UUID(int=1))


async def test_there_is_nothing_before_the_first_fact_and_nothing_after_the_last(db: Database) -> None:
    assert await _ask(db, after=0) == Facts(facts=[], upto=0, head=0)
    await _numbered(db, *_ingested(3))
    assert await _ask(db, after=3) == Facts(facts=[], upto=3, head=3)
    assert await _ask(db, after=9) == Facts(facts=[], upto=9, head=3)


async def test_a_fact_that_is_not_numbered_yet_is_not_given(db: Database) -> None:
    await _numbered(db, *_ingested(2))
    async with db.write() as s:
        s.say(_ingested()[0], Origin())
    found = await _ask(db, after=0)
    assert ([f.seq for f in found.facts], found.head) == ([1, 2], 2)


async def test_jobs_are_nobodys_facts(db: Database) -> None:
    async with db.write() as s:
        s.say(IngestImage(image=uuid4(), patient=uuid4(), site=uuid4(), attempt=uuid4()), Origin())
    await _numbered(db, *_ingested(2))
    assert [f.seq for f in await _all(db)] == [1, 2]


@pytest.mark.parametrize("limit", [1, 7, 2000])
@pytest.mark.parametrize(
    "subjects",
    [
        None,
        [ImageIngested.subject],
        [ImageRegistered.subject],
        [ImageIngested.subject, PoolViewed.subject],
        ["evt.x.y"],
        [],
    ],
    ids=lambda s: "all" if s is None else "-".join(x.split(".")[-1] for x in s),
)
async def test_page_by_page_every_fact_asked_for_comes_once_and_in_order(
    db: Database, limit: int, subjects: list[str] | None
) -> None:
    chance, events = random.Random(limit), []
    for _ in range(60):
        kind = chance.choice([ImageIngested, ImageRegistered, PoolViewed])
        event: Event
        if kind is ImageIngested:
            event = ImageIngested(image=uuid4(), version=1, revision=1)
        elif kind is ImageRegistered:
            event = ImageRegistered(image=uuid4(), version=1, uploaded_at=now())
        else:
            event = PoolViewed(patient=uuid4(), images=[])
        events.append(event)
    await _numbered(db, *events)
    wanted = [(n, e.id) for n, e in enumerate(events, start=1) if subjects is None or e.subject in subjects]
    assert [(f.seq, f.id) for f in await _all(db, limit=limit, subjects=subjects)] == wanted


@pytest.mark.parametrize("images", [0, 200])
async def test_a_page_fits_the_bus_however_large_its_facts_are(
    db: Database, ground: Ground, answering: Any, images: int
) -> None:
    number = 1500 if images == 0 else 150
    await _numbered(
        db, *(PoolViewed(patient=uuid4(), images=[uuid4()] * images) for _ in range(number)), origin=LONG_ORIGIN
    )
    seqs, after, pages = [], 0, 0
    async with answering("images", {ReplayImages: replay(db, ["patients"])}), ground.asking("patients") as requests:
        while len(seqs) < number:
            answer = await requests.ask_raw(ReplayImages(after=after, limit=2000))
            assert len(answer.body) < 1 << 20
            found = json.loads(answer.body)
            seqs += [f["seq"] for f in found["facts"]]
            assert found["upto"] == seqs[-1] > after
            after, pages = found["upto"], pages + 1
    assert seqs == list(range(1, number + 1))
    assert pages > 1


async def test_a_fact_larger_than_a_page_comes_alone(db: Database) -> None:
    await _numbered(db, *_ingested(3))
    async with db.write() as s:
        await s.execute(sa.update(outbox).where(outbox.c.seq == 2).values(payload={"x": "y" * REPLAY_BYTES}))
    pages = [await _ask(db, after=after) for after in (0, 1, 2)]
    assert [[f.seq for f in page.facts] for page in pages] == [[1], [2], [3]]


@pytest.mark.parametrize("who", ["gateway", "identity", "images", "audit"])
async def test_only_followers_are_answered(db: Database, who: str) -> None:
    with pytest.raises(Refused, match="forbidden"):
        await replay(db, ["patients"])(ReplayImages(after=0), Call(Actor("service", who)))
    with pytest.raises(Refused, match="forbidden"):
        await replay(db, ["patients"])(ReplayImages(after=0), Call(Actor("user", "gateway", user=uuid4())))
