"""What checkpoints show of a trail that holds together."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from dermfolio.audit import checkpoint_repository
from dermfolio.audit.chain import Place, mac_of
from dermfolio.audit.notes import Checkpoint, origin_of
from dermfolio.common.settings import key_bytes
from dermfolio.local.servers.object_store import ObjectStore

from .conftest import new_key

if TYPE_CHECKING:
    from .conftest import Producers, Trail

from dermfolio.common.note_keys import SigningKey

from .signing import deliver, notes, signed

SEED = bytes(range(32))


def cut_off(trail: Trail, after: int, *, also: str = "") -> None:
    """Remove records as one does who knows all tables: head, cursors and checkpoints are put back too."""
    trail.tamper(
        "ALTER TABLE checkpoints DISABLE TRIGGER append_only; "  # noqa: S608 - numbers of our own
        f"DELETE FROM trail WHERE position > {after}; "
        f"UPDATE trail_head SET position = {after}, mac = (SELECT mac FROM trail WHERE position = {after}); "
        "UPDATE cursors SET seq = coalesce((SELECT max(seq) FROM trail WHERE trail.producer = cursors.producer), 0); "
        f"DELETE FROM checkpoints WHERE position > {after}; {also}"
    )


async def recompute(trail: Trail, first: int, *, sign_with: bytes | None = None) -> None:
    """Change a record and write the chain anew with its key; checkpoints too, when there is a key to sign with."""
    key = trail.settings.keys.writing
    async with trail.db.read() as rows:
        records = await rows.fetch("SELECT position, body, mac FROM trail ORDER BY position")
        origin = origin_of(await checkpoint_repository.origin_id(rows))
        kept = await checkpoint_repository.kept(rows, after=0, upto=2**62, limit=1000)
    before, macs, done = bytes(32), {}, ["ALTER TABLE checkpoints DISABLE TRIGGER append_only"]
    for record in records:
        position, body = record["position"], record["body"]
        if position == first:
            body = body.replace("success", "failure")
        before = macs[position] = mac_of(key, 1, before, body.encode())
        done.append(f"UPDATE trail SET body = '{body}', mac = '\\x{before.hex()}' WHERE position = {position}")  # noqa: S608
    done.append(f"UPDATE trail_head SET mac = '\\x{before.hex()}'")  # noqa: S608
    for row in kept if sign_with else []:
        signed_again = Checkpoint(origin, Place(row.position, macs[row.position]), row.at)
        note = SigningKey(origin, sign_with or b"").note(signed_again.text)
        done.append(
            f"UPDATE checkpoints SET mac = '\\x{macs[row.position].hex()}', note = '{note}' "  # noqa: S608
            f"WHERE position = {row.position}"
        )
    trail.tamper("; ".join(done))


@pytest.mark.req("AUD-3")
async def test_a_deleted_last_hour_is_found_and_named(stored: Trail, producers: Producers) -> None:
    outside = await signed(stored, producers)
    await deliver(stored)
    assert (await stored.verify(outside)).intact
    cut_off(stored, 17, also="UPDATE deliveries SET position = 10")
    producers.images.facts.clear()  # the outbox too
    for verdict in (await stored.verify(), await stored.verify(outside)):
        assert (verdict.intact, verdict.records, verdict.first_broken, verdict.kind) == (False, 17, 18, "truncated")
        assert "in the object store" in verdict.finding
    stored.settings = stored.settings.model_copy(update={"s3_endpoint": "http://127.0.0.1:1"})
    assert (await stored.verify()).intact  # nothing inside tells
    verdict = await stored.verify(outside)
    assert (verdict.first_broken, verdict.kind, verdict.checkpoints.outside) == (18, "truncated", 3)
    assert verdict.finding.startswith("Records 18 to 20 are missing at the end: a checkpoint of 20")


@pytest.mark.req("AUD-3")
async def test_records_taken_up_again_after_the_end_was_removed_are_not_the_ones_that_were_signed(
    trail: Trail, producers: Producers
) -> None:
    outside = await signed(trail, producers)
    cut_off(trail, 17)
    await trail.take_up(producers.images)
    assert (await trail.verify()).intact
    verdict = await trail.verify(outside)
    assert (verdict.first_broken, verdict.kind) == (11, "recomputed")


@pytest.mark.req("AUD-3")
async def test_a_chain_recomputed_with_its_key_is_found_by_the_checkpoints_in_the_database(
    trail: Trail, producers: Producers
) -> None:
    await signed(trail, producers)
    await recompute(trail, 14)
    verdict = await trail.verify()
    assert (verdict.records, verdict.first_broken, verdict.kind) == (10, 11, "recomputed")
    assert verdict.finding.startswith("Records 11 to 20 are not what a checkpoint of 20")


@pytest.mark.req("AUD-3")
async def test_checkpoints_signed_anew_with_another_key_are_forged(trail: Trail, producers: Producers) -> None:
    await signed(trail, producers)
    await recompute(trail, 14, sign_with=bytes(32))
    verdict = await trail.verify()
    assert (verdict.first_broken, verdict.kind) == (10, "checkpoint_forged")
    assert verdict.finding == "The checkpoint of record 10, in the database, is signed by none of the known keys."


@pytest.mark.req("AUD-3")
async def test_a_chain_and_checkpoints_written_anew_with_both_keys_are_found_outside(
    stored: Trail, producers: Producers
) -> None:
    outside = await signed(stored, producers)
    await deliver(stored)
    await recompute(stored, 14, sign_with=key_bytes(stored.settings.checkpoint_key))
    verdict = await stored.verify()
    assert (verdict.first_broken, verdict.kind) == (11, "recomputed")
    assert "in the object store" in verdict.finding
    stored.settings = stored.settings.model_copy(update={"s3_endpoint": "http://127.0.0.1:1"})
    assert (await stored.verify()).intact
    verdict = await stored.verify(outside)
    assert (verdict.first_broken, verdict.kind) == (11, "recomputed")
    assert "kept outside" in verdict.finding


@pytest.mark.req("AUD-3")
async def test_what_was_written_over_a_locked_copy_does_not_hide_it(
    stored: Trail, producers: Producers, object_store: ObjectStore
) -> None:
    await signed(stored, producers)
    await deliver(stored)
    await recompute(stored, 14, sign_with=key_bytes(stored.settings.checkpoint_key))
    stored.tamper("UPDATE deliveries SET position = 0")
    await deliver(stored)
    client = object_store.client()
    client.remove_object(stored.settings.checkpoint_bucket, f"checkpoints/{30:020}.note")  # a marker, no more
    verdict = await stored.verify()
    assert (verdict.first_broken, verdict.kind) == (11, "recomputed")


@pytest.mark.req("AUD-3")
async def test_a_store_that_lost_or_changed_a_checkpoint_is_named(
    loose: Trail, producers: Producers, object_store: ObjectStore
) -> None:
    await signed(loose, producers)
    await deliver(loose)
    client, bucket = object_store.client(), loose.settings.checkpoint_bucket
    for position, kind in ((30, "checkpoint_missing"), (20, "checkpoint_forged"), (10, "checkpoint_missing")):
        key = f"checkpoints/{position:020}.note"
        if kind == "checkpoint_forged":
            changed = (await notes(loose))[1].replace("\nat 2", "\nat 3").encode()
            client.put_object(bucket, key, BytesIO(changed), len(changed))
        else:
            client.remove_object(bucket, key)
        verdict = await loose.verify()
        assert (verdict.records, verdict.first_broken, verdict.kind) == (position - 1, position, kind)
        assert "in the object store" in verdict.finding


@pytest.mark.parametrize("lost", [(20,), (30,), (10, 20, 30)])
async def test_a_checkpoint_that_the_database_lost_is_named(
    stored: Trail, producers: Producers, lost: tuple[int, ...]
) -> None:
    await signed(stored, producers)
    await deliver(stored)
    positions = ", ".join(map(str, lost))
    stored.tamper(
        f"ALTER TABLE checkpoints DISABLE TRIGGER append_only; DELETE FROM checkpoints WHERE position IN ({positions})"  # noqa: S608 - numbers of our own
    )
    verdict = await stored.verify()
    assert (verdict.first_broken, verdict.kind) == (lost[0], "checkpoint_missing")
    assert verdict.finding == f"The checkpoint of record {lost[0]} is missing in the database."


async def test_columns_beside_a_note_and_the_name_of_the_trail_are_compared_too(
    trail: Trail, producers: Producers
) -> None:
    await signed(trail, producers)
    trail.tamper("ALTER TABLE checkpoints DISABLE TRIGGER append_only; ALTER TABLE trail_origin DISABLE TRIGGER ALL")
    trail.tamper("UPDATE checkpoints SET at = at - interval '1 hour' WHERE position = 20")
    assert "says something else than the columns" in (await trail.verify()).finding
    trail.tamper("UPDATE trail_origin SET id = gen_random_uuid()")
    verdict = await trail.verify()
    assert (verdict.first_broken, verdict.kind) == (10, "checkpoint_forged")
    assert "is of another trail" in verdict.finding


async def test_a_new_key_signs_on_and_the_former_one_stays_known(trail: Trail, producers: Producers) -> None:
    await signed(trail, producers, rounds=1)
    former = (await trail.checkpoint_keys.known())[0]
    text = type(trail.settings.checkpoint_key)
    trail.settings = trail.settings.model_copy(update={"checkpoint_key": text(new_key())})
    assert (await trail.verify()).kind == "checkpoint_forged"
    trail.settings = trail.settings.model_copy(update={"retired_checkpoint_keys": (former,)})
    outside = await signed(trail, producers, rounds=1)
    verdict = await trail.verify(outside)
    assert (verdict.intact, verdict.checkpoints.database, verdict.checkpoints.outside) == (True, 2, 2)
    assert verdict.checkpoints.verifier_keys == await trail.checkpoint_keys.known()
    assert former in verdict.checkpoints.verifier_keys[1:]


async def test_behind_a_break_of_the_chain_checkpoints_say_nothing_new(trail: Trail, producers: Producers) -> None:
    await signed(trail, producers)
    trail.tamper("UPDATE trail SET body = replace(body::text, 'viewed', 'vieued')::json WHERE position = 6")
    verdict = await trail.verify()
    assert (verdict.records, verdict.first_broken, verdict.kind) == (5, 6, "edited")
