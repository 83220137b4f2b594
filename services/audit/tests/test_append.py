"""The one writer: whatever races, repeats or fails, the chain stays one chain."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import sqlalchemy.exc
from pydantic import SecretStr, ValidationError
from structlog.testing import capture_logs

from dermfolio.audit import record
from dermfolio.audit.append import Writer
from dermfolio.audit.keep import Keeper
from dermfolio.audit.keys import ChainKeys, WrongChainKeyError, ensure_same_keys
from dermfolio.common.db import Database
from dermfolio.common.errors import Unavailable
from dermfolio.contracts.audit import AppendRecord
from dermfolio.contracts.replay import Origin

if TYPE_CHECKING:
    from services.audit.tests.conftest import Producers, Trail


def refusal() -> AppendRecord:
    return AppendRecord(
        id=uuid4(),
        event="gateway.rate_limited",
        action="E",
        outcome="denied",
        object_kind="session",
        code="rate_limited",
    )


@pytest.mark.req("AUD-3")
async def test_two_replicas_that_write_at_once_never_fork_the_chain(trail: Trail, producers: Producers) -> None:
    for producer in producers.all():
        for _ in range(200):
            producer.say()
    other = Database(trail.settings.database_url, trail.settings.database_password.get_secret_value())
    async with other:
        writers = [trail.writer, Writer(trail.settings.keys)]
        keepers = [Keeper(trail.db, writers[0]), Keeper(other, writers[1])]

        async def take_up(writer: Writer, db: Database) -> None:
            for start in range(0, 200, 20):
                for producer in producers.all():
                    async with db.write() as session:
                        await writer.take_up(session, producer.name, producer.facts[: start + 20])

        async def refuse(keeper: Keeper) -> None:
            for _ in range(20):
                await keeper.keep(record.of_refusal(refusal(), Origin(service="gateway")))

        await asyncio.gather(
            take_up(writers[0], trail.db), take_up(writers[1], other), *(refuse(keeper) for keeper in keepers * 4)
        )
    verdict = await trail.verify()
    assert (verdict.intact, verdict.records, verdict.gaps) == (True, 4 * 200 + 8 * 20, {})


async def test_facts_keep_the_order_of_their_producer_and_are_taken_up_once(trail: Trail, producers: Producers) -> None:
    for _ in range(5):
        producers.images.say()
    for _ in range(3):
        await trail.take_up(producers.images)
    found = await trail.records()
    assert [r["id"] for r in found] == [str(f.id) for f in producers.images.facts]
    assert [r["seq"] for r in found] == [1, 2, 3, 4, 5]
    assert [r["position"] for r in found] == [1, 2, 3, 4, 5]


async def test_a_transaction_that_fails_leaves_no_trace(trail: Trail, producers: Producers) -> None:
    producers.images.say()
    await trail.take_up(producers.images)
    producers.images.say()

    async def fail_behind_the_write() -> None:
        async with trail.db.write() as session:
            await trail.writer.take_up(session, "images", producers.images.facts)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_behind_the_write()
    assert (await trail.verify()).records == 1
    await trail.take_up(producers.images)
    verdict = await trail.verify()
    assert (verdict.intact, verdict.records) == (True, 2)


async def test_a_refusal_that_is_sent_twice_is_one_record(trail: Trail) -> None:
    once, again = refusal(), refusal()
    for request in (once, again, once):
        await trail.keeper.keep(record.of_refusal(request, Origin(service="gateway")))
    assert [(r["id"], r["seq"]) for r in await trail.records()] == [(str(once.id), 1), (str(again.id), 2)]
    third, keeper = refusal(), trail.keeper
    await asyncio.gather(*(keeper.keep(record.of_refusal(third, Origin(service="gateway"))) for _ in range(20)))
    assert len(await trail.records()) == 3


async def test_everybody_who_waits_is_told_when_the_record_cannot_be_kept(trail: Trail) -> None:
    keeper = trail.keeper

    async def kept() -> str:
        try:
            await keeper.keep(record.of_refusal(refusal(), Origin(service="gateway")))
        except Unavailable as error:
            return str(error)
        return "kept"

    trail.tamper("ALTER TABLE trail RENAME TO away")
    with capture_logs() as logs:
        assert await asyncio.gather(*(kept() for _ in range(5))) == ["trail: ProgrammingError"] * 5
    assert [(entry["event"], entry["records"]) for entry in logs] == [("trail.not_kept", 5)]
    trail.postgres.execute("ALTER TABLE away RENAME TO trail", database=trail.settings.database_url.rsplit("/", 1)[1])
    assert await asyncio.gather(*(kept() for _ in range(5))) == ["kept"] * 5
    assert (await trail.verify()).records == 5


async def test_a_caller_who_goes_away_does_not_hold_up_the_others(trail: Trail) -> None:
    keeper = trail.keeper
    tasks = [
        asyncio.create_task(keeper.keep(record.of_refusal(refusal(), Origin(service="gateway")))) for _ in range(9)
    ]
    await asyncio.sleep(0)
    tasks[4].cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert [end for n, end in enumerate(ends) if n != 4] == [None] * 8


async def test_a_record_cannot_stand_at_the_position_of_another(trail: Trail, producers: Producers) -> None:
    producers.images.say()
    await trail.take_up(producers.images)
    copy = "INSERT INTO trail (position, at, key_version, body, mac) SELECT 2, at, key_version, body, mac FROM trail"
    with pytest.raises(sqlalchemy.exc.IntegrityError, match="position_is_the_records_own"):
        async with trail.db.write() as session:
            await session.execute(sqlalchemy.text(copy))


async def test_a_new_key_goes_on_where_the_former_one_ended(trail: Trail, producers: Producers) -> None:
    producers.images.say()
    await trail.take_up(producers.images)
    former = trail.settings.chain_key.get_secret_value()
    trail.settings = trail.settings.model_copy(
        update={
            "chain_key": SecretStr(base64.urlsafe_b64encode(bytes(range(32))).decode()),
            "chain_key_version": 2,
            "retired_chain_keys": SecretStr(json.dumps({"1": former})),
        }
    )
    producers.images.say()
    await trail.take_up(producers.images)
    assert (await trail.verify()).intact
    trail.settings = trail.settings.model_copy(update={"retired_chain_keys": None})
    verdict = await trail.verify()
    assert (verdict.intact, verdict.first_broken) == (False, 1)


async def test_a_changed_key_is_noticed_before_it_writes(trail: Trail) -> None:
    keys = trail.settings.keys
    await ensure_same_keys(trail.db, keys)
    await ensure_same_keys(trail.db, keys)
    with pytest.raises(WrongChainKeyError, match="chain key 1 is not the one"):
        await ensure_same_keys(trail.db, ChainKeys(1, {1: bytes(range(32))}))
    await ensure_same_keys(trail.db, ChainKeys(2, {**keys.every, 2: bytes(range(32))}))
    with pytest.raises(WrongChainKeyError, match="chain key 1 is not the one"):
        await ensure_same_keys(trail.db, ChainKeys(2, {1: bytes(32), 2: bytes(range(32))}))


async def test_retired_keys_are_checked_before_anything_starts(trail: Trail) -> None:
    key = trail.settings.chain_key.get_secret_value()
    facts = trail.settings.model_dump()
    for retired, fault in [
        ({"1": key}, "the version that writes is not retired"),
        ({"2": "A" * 43}, "32 random bytes"),
        ({"0": key}, "greater than or equal to 1"),
        ([key], "valid dictionary"),
    ]:
        with pytest.raises(ValidationError, match=fault):
            type(trail.settings).model_validate(facts | {"retired_chain_keys": json.dumps(retired)})
    assert key not in repr(trail.settings) + repr(trail.settings.keys)
