"""The trail follows its producers: whatever the bus loses, doubles or mixes up, one record per fact, in order."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest

from dermfolio.common.bus import Requests
from dermfolio.common.testing import Ground, eventually

if TYPE_CHECKING:
    from services.audit.tests.conftest import Producer, Producers, Trail


async def caught_up(trail: Trail, producers: Producers) -> list[dict[str, object]]:
    """Wait until every fact has its record; returns all records."""
    awaited = sum(len(producer.facts) for producer in producers.all())

    async def all_there() -> list[dict[str, object]] | None:
        found = await trail.records()
        return found if len(found) >= awaited else None

    return await eventually(all_there)


def taken_from(producer: Producer, records: list[dict[str, object]]) -> bool:
    """Whether the records of a producer are its facts, each once, in order."""
    return [r["id"] for r in records if r["producer"] == producer.name] == [str(f.id) for f in producer.facts]


@pytest.mark.req("AUD-5")
async def test_facts_that_nobody_tells_of_are_taken_up(audit: Requests, trail: Trail, producers: Producers) -> None:
    for producer in producers.all():
        for _ in range(3):
            producer.say()
    records = await caught_up(trail, producers)
    assert all(taken_from(producer, records) for producer in producers.all())


@pytest.mark.req("AUD-5")
async def test_doubled_late_and_early_wake_ups_make_no_record_twice(
    audit: Requests, trail: Trail, producers: Producers
) -> None:
    dice = random.Random(7)
    for _ in range(120):
        producer = dice.choice(producers.all())
        for _ in range(dice.randrange(4)):
            producer.say(dice.choice(["viewed", "created", "denied", "listed"]))
        if producer.facts:
            for _ in range(dice.randrange(4)):
                await producer.tell()
    records = await caught_up(trail, producers)
    assert all(taken_from(producer, records) for producer in producers.all())
    verdict = await trail.verify()
    assert (verdict.intact, verdict.gaps) == (True, {})


@pytest.mark.req("AUD-5")
async def test_nothing_is_lost_while_a_producer_the_bus_and_the_database_are_away_in_turn(
    audit: Requests, trail: Trail, producers: Producers, ground: Ground
) -> None:
    saying = asyncio.create_task(_say_until_stopped(producers))
    try:
        for _ in range(2):
            producers.images.down = True
            await asyncio.sleep(0.5)
            producers.images.down = False
            for server in (ground.nats, trail.postgres):
                await asyncio.to_thread(server.kill)
                await asyncio.sleep(0.5)
                await asyncio.to_thread(server.start)
                await asyncio.sleep(0.5)
    finally:
        saying.cancel()
    records = await caught_up(trail, producers)
    assert all(taken_from(producer, records) for producer in producers.all())
    assert (await trail.verify()).intact


async def _say_until_stopped(producers: Producers) -> None:
    while True:
        for producer in producers.all():
            producer.say()
        await asyncio.sleep(0.01)


@pytest.mark.req("AUD-5")
async def test_records_removed_with_every_trace_of_them_are_taken_up_again(
    trail: Trail, producers: Producers, audit: Requests
) -> None:
    for _ in range(20):
        producers.images.say()
    await caught_up(trail, producers)
    trail.tamper(
        "DELETE FROM trail WHERE position > 12; UPDATE cursors SET seq = 12 WHERE producer = 'images'; "
        "UPDATE trail_head SET position = 12, mac = (SELECT mac FROM trail WHERE position = 12)"
    )
    records = await caught_up(trail, producers)
    assert taken_from(producers.images, records)
    assert (await trail.verify()).intact


async def test_a_fact_of_a_newer_producer_is_recorded_in_general_terms(
    audit: Requests, trail: Trail, producers: Producers
) -> None:
    producers.images.say("teleported", site="nowhere", patient=None, outcome="perhaps", distance=10**30, via=["ü"])
    [found] = await caught_up(trail, producers)
    assert (found["event"], found["action"], found["object_kind"]) == ("images.teleported", "E", "unknown")
    assert (found["outcome"], "site" in found, "patient" in found) == ("failure", False, False)
    assert found["detail"] == {"site": "nowhere", "outcome": "perhaps", "distance": str(10**30), "via": ["ü"]}
    assert (await trail.verify()).intact
