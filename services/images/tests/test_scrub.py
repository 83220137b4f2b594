"""Originals are opened and hashed over time; what was done to them in the store is found, and told of once."""

import base64
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from dermfolio.common.blobs import Blobs
from dermfolio.common.data_keys import DataKeys
from dermfolio.common.errors import Unavailable
from dermfolio.common.sealing import Context, DataKey, Seal
from dermfolio.contracts.patients import GetDataKey
from dermfolio.images.scrub import Scrub
from dermfolio.local.testing import Bucket

from .conftest import Clinic
from .photographs import photograph
from .test_reconcile import Store, whole

pytestmark = [pytest.mark.req("DEL-6"), pytest.mark.req("AUD-5")]

NONE = timedelta(0)


@pytest.fixture
def store(idle_clinic: Clinic, bucket: Bucket) -> Store:
    return Store(idle_clinic, bucket)


def scrub(store: Store, *, at_once: int = 100, again_after: timedelta = NONE, blobs: Blobs | None = None) -> Scrub:
    async def data_key(patient: UUID) -> str:
        return (await store.clinic.ask.ask(GetDataKey(patient=patient))).key

    found = blobs or store.clinic.blobs
    return Scrub(store.clinic.db, found, DataKeys(data_key), at_once=at_once, again_after=again_after)


async def uploaded(store: Store, seed: int) -> tuple[UUID, str]:
    image = (await store.clinic.upload(photograph(seed))).image.id
    return image, (await store.own(image))[0]


async def examined(store: Store) -> set[UUID]:
    return {row["id"] for row in await store.rows("SELECT id FROM images WHERE examined_at IS NOT NULL")}


async def test_bytes_cut_swapped_rolled_back_or_altered_are_found_and_told_of_once(store: Store) -> None:
    fine, _ = await uploaded(store, 0)
    images = [await uploaded(store, seed) for seed in range(1, 6)]
    (cut, cut_key), (one, one_key), (other, other_key), (old, old_key), (bit, bit_key) = images
    await store.put(cut_key, (await store.get(cut_key))[:-70_000])
    sealed_one, sealed_other = await store.get(one_key), await store.get(other_key)
    await store.put(one_key, sealed_other)
    await store.put(other_key, sealed_one)
    await store.remove(old_key)
    key = DataKey(base64.urlsafe_b64decode((await store.clinic.ask.ask(GetDataKey(patient=store.clinic.patient))).key))
    seal = Seal(key, Context(owner="images", key=old_key))
    await store.clinic.blobs.write(seal, photograph(99))  # sealed as it should be, with bytes of another time
    sealed = bytearray(await store.get(bit_key))
    sealed[len(sealed) // 2] ^= 1
    await store.put(bit_key, bytes(sealed))
    for _ in range(3):
        await scrub(store)()
    damaged = {cut, one, other, old, bit}
    alarms = await store.told("object_damaged", 5)
    assert {UUID(alarm.data["image"]) for alarm in alarms} == damaged
    assert {alarm.data["outcome"] for alarm in alarms} == {"failure"}
    assert await examined(store) == {fine, *damaged}
    found = await whole(store.reconciler())
    assert ({lost.image for lost in found.damaged}, found.missing) == (damaged, [])


async def test_what_was_put_right_is_whole_again(store: Store) -> None:
    _, key = await uploaded(store, 1)
    sealed = await store.get(key)
    await store.put(key, sealed[:100])
    await scrub(store)()
    assert len((await whole(store.reconciler())).damaged) == 1
    await store.put(key, sealed)
    await scrub(store, again_after=timedelta(days=30))()
    assert (await whole(store.reconciler())).damaged == []


async def test_a_missing_original_is_found_as_missing(store: Store) -> None:
    image, key = await uploaded(store, 1)
    await uploaded(store, 2)
    await store.remove(key)
    for _ in range(2):
        await scrub(store)()
    [alarm] = await store.told("object_missing", 1)
    assert alarm.data["image"] == str(image)
    assert await store.said("object_damaged") == []


async def test_a_store_that_was_emptied_is_one_alarm_and_every_original_is_examined_again(store: Store) -> None:
    for seed in range(3):
        _, key = await uploaded(store, seed)
        await store.remove(key)
    for _ in range(2):
        await scrub(store)()
    await store.told("objects_missing", 1)
    assert await store.said("object_missing") == []
    assert await examined(store) == set()


async def test_those_that_were_examined_longest_ago_come_first_and_none_too_often(store: Store) -> None:
    images = [(await uploaded(store, seed))[0] for seed in range(3)]
    month, seen = timedelta(days=30), list[set[UUID]]()
    for _ in range(4):
        before = await examined(store)
        await scrub(store, at_once=1, again_after=month)()
        seen.append(await examined(store) - before)
    assert sorted(map(len, seen)) == [0, 1, 1, 1]
    await store.clinic.db.execute("UPDATE images SET examined_at = now() - interval '40 days' WHERE id = $1", images[1])
    await scrub(store, at_once=1, again_after=month)()
    assert await store.rows("SELECT id FROM images WHERE examined_at < now() - interval '1 day'") == []


async def test_an_outage_is_no_damage(store: Store) -> None:
    await uploaded(store, 1)
    async with Blobs("http://127.0.0.1:9", "none", access_key="x", secret_key="y" * 20) as nowhere:
        with pytest.raises(Unavailable):
            await scrub(store, blobs=nowhere)()
    assert await store.rows("SELECT * FROM findings") == []
    assert await examined(store) == set()


async def test_an_attempt_that_counts_no_more_is_no_finding(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    image, key = await uploaded(store, 1)
    attempt = await store.clinic.store(image, photograph(1))
    read = Scrub._sha256

    async def moved_meanwhile(*looked_at: Any) -> str:
        await store.clinic.db.execute("UPDATE images SET attempt = $1 WHERE id = $2", attempt, image)
        await store.remove(key)
        return await read(*looked_at)

    monkeypatch.setattr(Scrub, "_sha256", moved_meanwhile)
    await scrub(store)()
    assert await store.rows("SELECT * FROM findings") == []
