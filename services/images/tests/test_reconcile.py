"""Store and table compared both ways: what nobody claims goes in the end, what is lost is told of once."""

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from prometheus_client import REGISTRY

from dermfolio.common.blobs import Blobs, Stored
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.testing import eventually
from dermfolio.contracts.images import RegisterImage
from dermfolio.contracts.reconciling import Reached, Reconciled, ReconcileImages
from dermfolio.contracts.replay import Fact
from dermfolio.contracts.views.images import ImageState, ImageView
from dermfolio.images import keys, reconcile
from dermfolio.images.gauges import gauges
from dermfolio.images.reconcile import Reconciler
from dermfolio.local.testing import Bucket

from .conftest import Clinic
from .photographs import photograph

pytestmark = pytest.mark.req("DEL-6")

NONE = timedelta(0)
WEEK = timedelta(days=7)


@dataclass
class Store:
    """What somebody does to the store by hand, and what there is."""

    clinic: Clinic
    bucket: Bucket

    async def put(self, key: str, data: bytes = b"bytes") -> None:
        await asyncio.to_thread(self.bucket.client.put_object, self.bucket.name, key, io.BytesIO(data), len(data))

    async def get(self, key: str) -> bytes:
        return await asyncio.to_thread(lambda: self.bucket.client.get_object(self.bucket.name, key).read())

    async def remove(self, key: str) -> None:
        await asyncio.to_thread(self.bucket.client.remove_object, self.bucket.name, key)

    async def keys(self) -> set[str]:
        found = await asyncio.to_thread(lambda: [*self.bucket.client.list_objects(self.bucket.name, recursive=True)])
        return {str(each.object_name) for each in found}

    async def rows(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        async with self.clinic.db.read() as rows:
            return list(await rows.fetch(query, *arguments))

    async def quarantine(self) -> set[str]:
        return {row["key"] for row in await self.rows("SELECT key FROM orphans")}

    async def let_pass(self, time: timedelta) -> None:
        await self.clinic.db.execute("UPDATE orphans SET found_at = found_at - $1::interval", time)

    async def said(self, name: str) -> list[Fact]:
        return [fact for fact in await self.clinic.said() if fact.subject == f"evt.images.{name}"]

    async def told(self, name: str, count: int) -> list[Fact]:
        async def look() -> list[Fact] | None:
            found = await self.said(name)
            return found if len(found) >= count else None

        found = await eventually(look, seconds=20)
        assert len(found) == count
        return found

    def reconciler(self, *, after: timedelta = NONE, grace: timedelta = WEEK, at_most: int = 50) -> Reconciler:
        return Reconciler(self.clinic.db, self.clinic.blobs, after=after, grace=grace, missing_at_most=at_most)

    async def ready(self, seed: int = 1) -> ImageView:
        image = await self.clinic.settled((await self.clinic.upload(photograph(seed))).image.id)
        assert image.state is ImageState.READY
        return image

    async def rows_of(self, count: int) -> list[UUID]:
        """Rows of images whose originals lie nowhere yet, each under an attempt of the image's own id."""
        images = [uuid4() for _ in range(count)]
        await self.clinic.db.execute(
            "INSERT INTO images (id, patient, site, state, file_name, bytes, sha256, attempt, revision, next_revision,"
            " renditions, effective_at, place, uploaded_at, uploaded_by, version)"
            " SELECT id, id, id, 'failed', 'a', 1, id::text, id, 0, 1, '[]', now(), '8', now(), id, 1"
            " FROM unnest($1::uuid[]) AS id",
            images,
        )
        return images

    async def own(self, image: UUID) -> tuple[str, list[str]]:
        """The keys of the original and the renditions that count."""
        [row] = await self.rows("SELECT attempt, revision FROM images WHERE id = $1", image)
        sizes = (2560, 1280, 320)
        return keys.original(image, row["attempt"]), [keys.rendition(image, row["revision"], s) for s in sizes]


@pytest.fixture
def idle(idle_clinic: Clinic, bucket: Bucket) -> Store:
    return Store(idle_clinic, bucket)


@pytest.fixture
def store(clinic: Clinic, bucket: Bucket) -> Store:
    return Store(clinic, bucket)


async def whole(reconciler: Reconciler, *, dry_run: bool = False) -> Reconciled:
    return summed([part async for part in parts(reconciler, dry_run=dry_run)])


async def parts(reconciler: Reconciler, *, dry_run: bool = False) -> AsyncIterator[Reconciled]:
    reached: Reached | None = None
    while True:
        part = await reconciler.part(reached, dry_run=dry_run)
        yield part
        reached = part.next
        if reached is None:
            return


def summed(found: Sequence[Reconciled]) -> Reconciled:
    counts = ("images", "objects", "claimed", "in_flight", "quarantined", "removed", "unnamed")
    last = found[-1].model_copy(update={name: sum(getattr(part, name) for part in found) for name in counts})
    return last.model_copy(update={"missing": [lost for part in found for lost in part.missing]})


async def test_what_nothing_is_known_of_is_kept_for_a_week_then_removed_and_recorded_once(idle: Store) -> None:
    unknown, attempt = uuid4(), uuid4()
    strays = {
        keys.original(unknown, attempt),
        keys.rendition(unknown, 1, 320),
        "originals/not-an-id/file",
        "renditions/loose",
        "aaa/foreign",
        "originalz/foreign",
        "zzz foreign",
    }
    for key in strays:
        await idle.put(key)
    young = await whole(idle.reconciler(after=timedelta(hours=1)))
    assert (young.objects, young.in_flight, await idle.quarantine()) == (7, 7, set())
    for _ in range(2):
        found = await whole(idle.reconciler())
        assert (found.objects, found.quarantined, found.removed) == (7, 7, 0)
        assert found.quarantined_since is not None
        assert await idle.quarantine() == strays == await idle.keys()
    await idle.let_pass(WEEK)
    assert (await whole(idle.reconciler())).removed == 7
    assert await idle.keys() == await idle.quarantine() == set()
    assert (await whole(idle.reconciler())).objects == 0
    swept = await idle.told("swept", 7)
    assert sorted(str(fact.data["image"]) for fact in swept) == sorted([str(unknown)] * 2 + ["None"] * 5)


async def test_more_originals_than_uploads_leave_behind_are_kept_however_long(idle: Store) -> None:
    for _ in range(3):
        await idle.put(keys.original(uuid4(), uuid4()))
    await idle.put("loose")
    await whole(idle.reconciler())
    await idle.let_pass(WEEK)
    clinic = idle.clinic
    careful = Reconciler(clinic.db, clinic.blobs, after=NONE, grace=WEEK, strays_at_most=2)
    for dry_run in (True, False):
        found = await whole(careful, dry_run=dry_run)
        assert (found.quarantined, found.removed) == (4, 0)
    assert len(await idle.keys()) == 4
    assert (await whole(idle.reconciler())).removed == 4


async def test_what_is_claimed_meanwhile_leaves_quarantine_and_stays(idle: Store) -> None:
    image, data = uuid4(), photograph()
    attempt = await idle.clinic.store(image, data)
    await idle.reconciler()()
    assert await idle.quarantine() == {keys.original(image, attempt)}
    await idle.let_pass(WEEK)
    async with idle.clinic.db.read() as rows:
        digest = await rows.fetchval("SELECT encode(sha256($1), 'hex')", data)
    request = RegisterImage(
        image=image, patient=idle.clinic.patient, attempt=attempt, sha256=digest, bytes=len(data), file_name="a.jpg"
    )
    await idle.clinic.ask.ask(request, idle.clinic.call)
    found = await whole(idle.reconciler())
    assert (found.claimed, found.removed, found.missing) == (1, 0, [])
    assert (await idle.quarantine(), len(await idle.keys())) == (set(), 1)


async def test_what_is_known_not_to_count_goes_at_once(store: Store) -> None:
    image = (await store.ready()).id
    original, renditions = await store.own(image)
    await store.put(keys.original(image, uuid4()))
    await store.put(keys.rendition(image, 99, 320))
    found = await whole(store.reconciler())
    assert (found.removed, found.quarantined) == (2, 0)
    assert await store.keys() == {original, *renditions}


async def test_what_may_be_all_that_is_left_of_a_photograph_is_kept_in_quarantine(store: Store) -> None:
    image = (await store.ready()).id
    original, _ = await store.own(image)
    other = keys.original(image, uuid4())
    await store.put(other, await store.get(original))
    await store.remove(original)
    found = await whole(store.reconciler())
    assert [(lost.image, lost.object) for lost in found.missing] == [(image, "original")]
    assert await store.quarantine() == {other}


async def test_a_dry_run_tells_what_would_be_and_changes_nothing(store: Store) -> None:
    kept, lost = (await store.ready(1)).id, (await store.ready(2)).id
    await store.put(keys.original(kept, uuid4()))
    await store.put("originals/stray")
    await store.reconciler(after=timedelta(hours=1))()
    await store.remove((await store.own(lost))[0])
    tables = "SELECT (SELECT count(*) FROM orphans) + (SELECT count(*) FROM findings) + (SELECT count(*) FROM outbox)"
    before = (await store.keys(), await store.rows(tables), await store.rows("SELECT * FROM images ORDER BY id"))
    found = await whole(store.reconciler(), dry_run=True)
    after = (await store.keys(), await store.rows(tables), await store.rows("SELECT * FROM images ORDER BY id"))
    assert after == before
    assert (found.images, found.objects, found.removed, found.quarantined) == (2, 9, 1, 1)
    assert [(one.image, one.object, one.since) for one in found.missing] == [(lost, "original", None)]


@pytest.mark.req("AUD-5")
async def test_a_missing_original_is_an_alarm_once_until_it_is_there_again(store: Store) -> None:
    image = (await store.ready()).id
    original, _ = await store.own(image)
    sealed = await store.get(original)
    for times in (1, 2):
        await store.remove(original)
        for _ in range(3):
            found = await whole(store.reconciler())
            assert [(lost.image, lost.object) for lost in found.missing] == [(image, "original")]
            assert found.missing[0].since is not None
        alarm = (await store.told("object_missing", times))[-1]
        assert alarm.data["patient"] == str(store.clinic.patient)
        assert (alarm.data["image"], alarm.data["outcome"]) == (str(image), "failure")
        await store.put(original, sealed)
        assert (await whole(store.reconciler())).missing == []
        assert await store.rows("SELECT * FROM findings") == []


async def test_every_replica_tells_what_is_found_wherever_it_was_found(idle: Store) -> None:
    def told(what: str) -> float | None:
        return REGISTRY.get_sample_value("dermfolio_images_findings", {"object": what, "finding": "missing"})

    image = (await idle.clinic.upload(photograph())).image.id
    await idle.put("originals/stray")
    original, _ = await idle.own(image)
    sealed = await idle.get(original)
    await idle.remove(original)
    await idle.reconciler()()
    await gauges(idle.clinic.db)()
    assert (told("original"), told("store")) == (1, 0)
    assert REGISTRY.get_sample_value("dermfolio_images_quarantined") == 1
    await idle.remove("originals/stray")
    await idle.reconciler()()
    await gauges(idle.clinic.db)()
    assert told("store") == 1
    await idle.put(original, sealed)
    await idle.reconciler()()
    await gauges(idle.clinic.db)()
    assert (told("original"), told("store")) == (0, 0)
    assert REGISTRY.get_sample_value("dermfolio_images_quarantined") == 0


async def test_a_missing_rendition_is_made_again_from_the_original(store: Store) -> None:
    image = (await store.ready()).id
    _, renditions = await store.own(image)
    await store.remove(renditions[2])
    found = await whole(store.reconciler())
    assert [(lost.image, lost.object) for lost in found.missing] == [(image, "rendition")]
    after = await store.clinic.settled(image)
    assert after.state is ImageState.READY
    original, anew = await store.own(image)
    assert not {*anew} & {*renditions}
    await store.reconciler()()
    assert await store.keys() == {original, *anew}
    assert await store.rows("SELECT * FROM findings") == []
    await store.told("object_missing", 1)


async def test_what_was_a_photograph_once_is_never_rejected(store: Store) -> None:
    image = (await store.ready()).id
    original, renditions = await store.own(image)
    await store.remove(renditions[0])
    damaged = photograph()[:2000]
    digest = (await store.rows("SELECT encode(sha256($1), 'hex') AS of", damaged))[0]["of"]
    attempt = await store.clinic.store(image, damaged)
    await store.clinic.db.execute("UPDATE images SET attempt = $1, sha256 = $2 WHERE id = $3", attempt, digest, image)
    await store.reconciler(after=timedelta(hours=1))()

    async def tried_twice() -> bool:
        [row] = await store.rows("SELECT state, next_revision FROM images WHERE id = $1", image)
        assert row["state"] == "processing"
        return bool(row["next_revision"] >= 4)

    await eventually(tried_twice, seconds=60)
    assert {original, keys.original(image, attempt)} <= await store.keys()


async def test_two_at_once_have_one_effect(idle: Store) -> None:
    strays = [keys.original(uuid4(), uuid4()) for _ in range(20)]
    for key in strays:
        await idle.put(key)
    lost = (await idle.clinic.upload(photograph())).image.id
    await idle.remove((await idle.own(lost))[0])
    await asyncio.gather(*(idle.reconciler(grace=NONE)() for _ in range(4)))
    assert await idle.keys() == set()
    await idle.told("object_missing", 1)
    await idle.told("swept", 20)


async def test_hundreds_are_compared_in_parts_and_each_is_counted_once(
    idle: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile, "IMAGES", 40)
    monkeypatch.setattr(reconcile, "OBJECTS", 30)
    images = await idle.rows_of(200)
    lost, strays = set(images[:7]), [uuid4() for _ in range(90)]
    await asyncio.gather(*(idle.put(keys.original(image, image)) for image in images if image not in lost))
    await asyncio.gather(*(idle.put(keys.rendition(image, 1, 320)) for image in strays))
    await asyncio.gather(*(idle.put(f"originals/odd-{n}/{n}") for n in range(25)))
    found = [part async for part in parts(idle.reconciler())]
    total = summed(found)
    assert len(found) == 8
    assert (total.images, total.objects, total.claimed, total.quarantined) == (200, 308, 193, 115)
    assert {one.image for one in total.missing} == lost


async def test_a_store_that_was_emptied_is_one_alarm_until_it_is_filled_again(store: Store) -> None:
    images = [(await store.ready(seed)).id for seed in range(3)]
    before = await store.rows("SELECT * FROM images ORDER BY id")
    kept = {key: await store.get(key) for key in await store.keys()}
    for times in (1, 2):
        for key in kept:
            await store.remove(key)
        for _ in range(3):
            found = await whole(store.reconciler(grace=NONE))
            assert (found.images, found.unnamed, found.missing, found.removed) == (3, 3, [], 0)
        alarm = (await store.told("objects_missing", times))[-1]
        assert (alarm.data["images"], alarm.data["outcome"]) == (len(images), "failure")
        assert await store.said("object_missing") == await store.rows("SELECT * FROM findings") == []
        assert await store.rows("SELECT * FROM images ORDER BY id") == before
        for key, sealed in kept.items():
            await store.put(key, sealed)
        found = await whole(store.reconciler())
        assert (found.claimed, found.unnamed, found.missing) == (len(kept), 0, [])
        assert await store.rows("SELECT * FROM alarms") == []


@pytest.mark.parametrize("batch", [4, 500], ids=["a few at a time", "at once"])
async def test_more_than_a_few_that_are_lost_are_one_alarm_and_meanwhile_nothing_is_removed(
    idle: Store, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(reconcile, "OBJECTS", batch)
    monkeypatch.setattr(reconcile, "IMAGES", 10)
    images = sorted(await idle.rows_of(30))
    superfluous = keys.original(images[29], uuid4())
    for key in (keys.original(images[29], images[29]), superfluous, "originals/stray"):
        await idle.put(key)
    for _ in range(2):
        found = await whole(idle.reconciler(grace=NONE, at_most=20))
        assert found.unnamed + len(found.missing) == 29
        # the scrub, which the service runs by itself, may have found them closed meanwhile
        assert len(await idle.rows("SELECT * FROM findings WHERE finding = 'missing'")) <= 20
        assert (found.removed, await idle.keys()) == (
            0,
            {keys.original(images[29], images[29]), superfluous, "originals/stray"},
        )
    await idle.told("objects_missing", 1)
    named = await whole(idle.reconciler(at_most=29), dry_run=True)
    assert (named.unnamed, len(named.missing)) == (0, 29)
    await whole(idle.reconciler(at_most=29))
    assert (await whole(idle.reconciler(grace=NONE, at_most=29))).removed == 2
    assert await idle.keys() == {keys.original(images[29], images[29])}


async def test_a_dry_run_names_no_more_than_a_few_either(idle: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile, "OBJECTS", 4)
    monkeypatch.setattr(reconcile, "IMAGES", 10)
    await idle.put("originals/stray")
    await idle.rows_of(60)
    found = await whole(idle.reconciler(), dry_run=True)
    assert found.unnamed + len(found.missing) == 60
    assert 0 < len(found.missing) <= 50
    assert await idle.rows("SELECT * FROM alarms") == await idle.rows("SELECT * FROM findings") == []


async def test_a_store_that_does_not_answer_has_lost_nothing(idle: Store) -> None:
    await idle.clinic.upload(photograph())
    async with Blobs("http://127.0.0.1:9", "none", access_key="x", secret_key="y" * 20) as nowhere:
        with pytest.raises(Unavailable):
            await Reconciler(idle.clinic.db, nowhere, after=NONE, grace=NONE)()
    assert await idle.rows("SELECT * FROM findings") == []


async def test_a_pass_that_an_outage_broke_off_goes_on_where_it_had_come_to(
    idle: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile, "IMAGES", 5)
    for _ in range(12):
        await idle.put(keys.original(uuid4(), uuid4()))
    listed, blobs = list[str](), idle.clinic.blobs

    class Failing(Blobs):
        """A store that fails once, at the second part of a pass."""

        def __init__(self) -> None:
            """Everything else is the store's."""

        async def stored(self, prefix: str = "", *, after: str = "") -> AsyncIterator[Stored]:
            if prefix == keys.ORIGINALS:
                listed.append(after)
                if len(listed) == 2:
                    raise Unavailable("the object store does not answer")
            async for stored in blobs.stored(prefix, after=after):
                yield stored

    reconciler = Reconciler(idle.clinic.db, Failing(), after=NONE, grace=WEEK)
    with pytest.raises(Unavailable):
        await reconciler()
    assert len(await idle.quarantine()) == 5
    await reconciler()
    assert len(await idle.quarantine()) == 12
    assert listed[0] == "" != listed[1] == listed[2]


async def test_operators_may_ask_and_nobody_else(idle: Store) -> None:
    await idle.put("originals/stray")
    async with idle.clinic.ground.asking("ops") as ops:
        found = await ops.ask(ReconcileImages(dry_run=True))
    assert (found.objects, found.in_flight, found.next) == (1, 1, None)
    with pytest.raises(Refused) as refused:
        await idle.reconciler().answer(ReconcileImages(), idle.clinic.call)
    assert refused.value.code == "forbidden"
