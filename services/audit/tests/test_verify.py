"""Verification names what a superuser of the database did to the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from dermfolio.audit import record
from dermfolio.contracts.audit import TrailVerified
from dermfolio.contracts.replay import Origin

if TYPE_CHECKING:
    from services.audit.tests.conftest import Producers, Trail

COLUMNS = ("id", "producer", "seq", "site", "patient")


async def filled(trail: Trail, producers: Producers, rounds: int = 10) -> None:
    """Three records a round: identity's, patients', images'."""
    for _ in range(rounds):
        for producer in (producers.identity, producers.patients, producers.images):
            producer.say(site=str(uuid4()), patient=str(uuid4()))
            await trail.take_up(producer)


async def test_an_empty_trail_is_intact(trail: Trail) -> None:
    verdict = await trail.verify()
    assert (verdict.intact, verdict.records, verdict.finding) == (True, 0, "The trail is empty.")


@pytest.mark.req("AUD-3")
async def test_a_trail_that_nobody_touched_is_intact(trail: Trail, producers: Producers) -> None:
    await filled(trail, producers)
    verdict = await trail.verify()
    assert (verdict.intact, verdict.records, verdict.first_broken, verdict.gaps) == (True, 30, None, {})
    assert verdict.finding == "All 30 records verify."


async def test_a_trail_longer_than_a_batch_is_walked_to_its_end(trail: Trail, producers: Producers) -> None:
    for _ in range(2500):
        producers.images.say()
    await trail.take_up(producers.images)
    assert (await trail.verify()).records == 2500
    trail.tamper("UPDATE trail SET body = replace(body::text, 'viewed', 'viewer')::json WHERE position = 2001")
    assert (await trail.verify()).first_broken == 2001


@pytest.mark.req("AUD-3")
@pytest.mark.parametrize(
    ("done", "position", "kind"),
    [
        pytest.param(
            "UPDATE trail SET body = replace(body::text, 'success', 'sucxess')::json WHERE position = 17",
            17, "edited", id="one byte of a record",
        ),
        pytest.param(
            "UPDATE trail SET body = (body::text || ' ')::json WHERE position = 17",
            17, "edited", id="a space behind a record",
        ),
        pytest.param(
            "UPDATE trail SET body = jsonb_set(body::jsonb, '{user}', '\"x\"')::json WHERE position = 1",
            1, "edited", id="who it was, in the first record",
        ),
        pytest.param(
            "UPDATE trail SET mac = set_byte(mac, 31, get_byte(mac, 31) # 1) WHERE position = 30",
            30, "edited", id="one bit of the last MAC",
        ),
        pytest.param("UPDATE trail SET key_version = 2 WHERE position = 9", 9, "edited", id="a key version"),
        pytest.param("DELETE FROM trail WHERE position = 12", 12, "missing", id="one record removed"),
        pytest.param("DELETE FROM trail WHERE position BETWEEN 1 AND 4", 1, "missing", id="the beginning removed"),
        pytest.param("DELETE FROM trail WHERE position > 27", 28, "missing", id="the end removed"),
        pytest.param("TRUNCATE trail", 1, "missing", id="everything removed"),
        pytest.param(
            "DELETE FROM trail WHERE position > 27; "
            "UPDATE trail_head SET position = 27, mac = (SELECT mac FROM trail WHERE position = 27)",
            28, "gap", id="the end removed and the head put back",
        ),
        pytest.param(
            "DELETE FROM trail WHERE position = 12; "
            "UPDATE trail SET position = -position WHERE position > 12; "
            "UPDATE trail SET position = -position - 1 WHERE position < 0",
            12, "missing", id="one record removed, the rest renumbered",
        ),
        pytest.param(
            "UPDATE trail SET position = -position WHERE position IN (8, 11); "
            "UPDATE trail SET position = CASE position WHEN -8 THEN 11 ELSE 8 END WHERE position < 0",
            8, "reordered", id="two records swapped",
        ),
        pytest.param(
            "UPDATE trail SET position = -position WHERE position > 20; "
            "UPDATE trail SET position = -position + 1 WHERE position < 0; "
            "INSERT INTO trail (position, at, key_version, body, mac) SELECT 21, at, key_version, "
            "replace(body::text, '\"seq\":1,', '\"seq\":99,')::json, mac FROM trail WHERE position = 1; "
            "UPDATE trail_head SET position = 31",
            21, "inserted", id="a record put in, the rest renumbered",
        ),
        pytest.param(
            "INSERT INTO trail (position, at, key_version, body, mac) SELECT -5, at, 1, jsonb_set("
            "body::jsonb, '{seq}', '11')::json, mac FROM trail WHERE position = 30",
            1, "inserted", id="a record put before the first",
        ),
        pytest.param(
            "INSERT INTO trail (position, at, key_version, body, mac) SELECT 31, at, 1, jsonb_set(jsonb_set("
            "body::jsonb, '{position}', '31'), '{seq}', '11')::json, mac FROM trail WHERE position = 30",
            31, "inserted", id="a record put behind the end",
        ),
        pytest.param(
            "UPDATE trail SET mac = sha256(mac) WHERE position > 14",
            15, "wrong_key", id="everything from a record on written anew",
        ),
        pytest.param(
            "ALTER TABLE trail ALTER COLUMN patient DROP EXPRESSION; "
            "UPDATE trail SET patient = gen_random_uuid() WHERE position = 23",
            23, "diverged", id="the column that searches use",
        ),
        pytest.param(
            "UPDATE trail_head SET mac = sha256(mac)", 30, "edited", id="the head",
        ),
    ],
)  # fmt: skip
async def test_what_was_done_is_named(trail: Trail, producers: Producers, done: str, position: int, kind: str) -> None:
    await filled(trail, producers)
    trail.tamper(done)
    verdict = await trail.verify()
    assert (verdict.intact, verdict.first_broken, verdict.kind) == (False, position, kind)
    assert verdict.records == position - 1
    assert str(position if kind != "gap" else 27) in verdict.finding


async def test_a_record_that_breaks_the_database_parser_is_named_all_the_same(
    trail: Trail, producers: Producers
) -> None:
    await filled(trail, producers)
    trail.tamper("; ".join(f"ALTER TABLE trail ALTER COLUMN {column} DROP EXPRESSION" for column in COLUMNS))
    trail.tamper(
        "DO $$ DECLARE name text; BEGIN FOR name IN SELECT indexname FROM pg_indexes "
        "WHERE tablename = 'trail' AND indexdef LIKE '%body%' "
        "LOOP EXECUTE format('DROP INDEX %I', name); END LOOP; END $$"
    )
    for body in ('"\\u0000"', "5", "[]", '{"position": "x"}', "{}"):
        trail.tamper(f"UPDATE trail SET body = '{body}' WHERE position = 6")  # noqa: S608 - our own words
        verdict = await trail.verify()
        assert (verdict.first_broken, verdict.kind) == (6, "edited")


async def test_another_key_is_told_from_a_changed_record(trail: Trail, producers: Producers) -> None:
    await filled(trail, producers)
    trail.settings = trail.settings.model_copy(update={"chain_key": type(trail.settings.chain_key)("A" * 42 + "E")})
    assert (await trail.verify()).kind == "wrong_key"


@pytest.mark.req("AUD-5")
async def test_facts_still_to_come_are_counted(trail: Trail, producers: Producers) -> None:
    await filled(trail, producers)
    for _ in range(3):
        producers.images.say()
    producers.patients.down = True
    verdict = await trail.verify()
    assert (verdict.intact, verdict.gaps, verdict.not_asked) == (True, {"images": 3}, ["patients"])


async def test_a_fact_that_never_arrived_is_named(trail: Trail, producers: Producers) -> None:
    await filled(trail, producers)
    producers.images.say()
    lost = producers.images.say()
    async with trail.db.write() as session:  # as if the row of the missed fact had never been written
        await trail.writer.take_up(session, "identity", [lost.model_copy(update={"seq": 11})])
    trail.tamper("UPDATE cursors SET seq = 12 WHERE producer = 'images'")
    verdict = await trail.verify()
    assert (verdict.first_broken, verdict.kind) == (32, "gap")
    assert verdict.finding == "Behind record 31, facts 11 to 12 of images went missing at the end."


@pytest.mark.req("AUD-5")
async def test_facts_too_old_to_be_had_leave_a_record_and_the_trail_stays_verifiable(
    trail: Trail, producers: Producers
) -> None:
    await filled(trail, producers)
    for _ in range(4):
        producers.images.say()
    producers.images.forgotten = 13
    await trail.take_up(producers.images)
    missed, found = (await trail.records())[-2:]
    assert (missed["event"], missed["object_id"], missed["outcome"]) == ("audit.facts_missed", "images", "failure")
    assert missed["detail"] == {"first": 11, "last": 13}
    assert found["seq"] == 14
    verdict = await trail.verify()
    assert (verdict.intact, verdict.gaps) == (True, {})
    assert "3 facts were no longer to be had" in verdict.finding


async def test_a_producer_that_went_back_in_time_is_reported(trail: Trail, producers: Producers) -> None:
    await filled(trail, producers)
    del producers.images.facts[7:]
    verdict = await trail.verify()
    assert (verdict.intact, verdict.gaps) == (True, {"images": -3})
    assert "restored from an older backup" in verdict.finding


async def test_records_written_while_verifying_do_not_disturb(trail: Trail, producers: Producers) -> None:
    await filled(trail, producers)
    verified = TrailVerified(intact=True, records=30, first_broken=None)
    await trail.keeper.keep(record.of_own(verified, Origin(service="ops")))
    verdict = await trail.verify()
    assert (verdict.intact, verdict.records) == (True, 31)
