"""Counting the computed facts of patients anew."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import asyncpg
import pytest

from dermfolio.common.auth import Actor, ActorVerifier, Call
from dermfolio.common.bus import Answers, Connection, Requests
from dermfolio.common.testing import Ground, at
from dermfolio.contracts.entries import CreateEntry
from dermfolio.contracts.merging import MergePatient
from dermfolio.contracts.patients import GetPatient
from dermfolio.contracts.recount import (
    CountImages,
    Difference,
    ImageCounts,
    KnownImage,
    KnownImages,
    ListKnownImages,
    Recounted,
    RecountPatients,
)
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.entries import NewEntry
from services.patients.tests.records import Desk

pytestmark = pytest.mark.req("PAT-3")


@dataclass
class Images:
    """What images knows, by patient."""

    of: dict[UUID, list[UUID]] = field(default_factory=dict)

    async def count(self, request: CountImages, _: Call) -> ImageCounts:
        return ImageCounts(counts={p: len(self.of[p]) for p in request.patients if p in self.of})

    async def known(self, request: ListKnownImages, _: Call) -> KnownImages:
        ids = sorted(i for i in self.of.get(request.patient, []) if request.after is None or i > request.after)
        page = [KnownImage(image=i, counts=True, tags=[], version=1) for i in ids[: request.limit]]
        return KnownImages(images=page)


@pytest.fixture
async def images(ground: Ground, patients: Requests) -> AsyncIterator[Images]:
    made = Images()
    answers = {CountImages: made.count, ListKnownImages: made.known}
    async with (
        Connection(ground.nats.url, "images", ground.nats.passwords["images"]) as bus,
        Answers(bus, ActorVerifier(ground.trusted_keys), answers),
    ):
        yield made


@pytest.fixture
async def rows(patients: Requests, database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def recount(desk: Desk, **asked: object) -> Recounted:
    async with desk.ground.asking("ops") as ops:
        return await ops.ask(RecountPatients.model_validate(asked))


async def test_what_differs_is_named_and_put_right_and_then_nothing_differs(
    desk: Desk, images: Images, rows: asyncpg.Connection, site: UUID
) -> None:
    admin = at(site, Role.SITE_ADMIN)
    survivor, alias, other = [(await desk.make(admin, name)).id for name in ("aa", "bb", "cc")]
    await desk.ask(MergePatient(patient=survivor, alias=alias, version=0), admin)
    await desk.ask(CreateEntry(patient=survivor, entry=NewEntry(), idempotency_key="a-key"), admin)
    images.of = {alias: [uuid4(), uuid4()], other: [uuid4()]}
    await rows.execute("UPDATE patients SET entry_count = 7, last_appointment = NULL WHERE id = $1", survivor)
    await rows.execute("UPDATE patients SET tags = ARRAY[gen_random_uuid()] WHERE id = $1", other)
    stray = "INSERT INTO pooled_images (image, patient, counts, version) VALUES (gen_random_uuid(), $1, true, 1)"
    await rows.execute(stray, other)
    await rows.execute("UPDATE patients SET image_count = 5 WHERE id = $1", other)

    found = await recount(desk)
    assert (found.checked, found.next) == (3, None)
    named = {(d.patient, d.fact): (d.kept, d.counted) for d in found.differences}
    assert named.keys() == {
        (survivor, "entry_count"),
        (survivor, "last_appointment"),
        (alias, "image_count"),
        (other, "tags"),
        (other, "image_count"),
    }
    assert named[survivor, "entry_count"] == ("7", "1")
    assert named[alias, "image_count"] == ("0", "2")
    assert named[other, "image_count"] == ("5", "1")
    assert await recount(desk) == found, "looking changes nothing"

    await recount(desk, repair=True)
    assert (await recount(desk)).differences == []
    views = [await desk.ask(GetPatient(patient=p), admin) for p in (survivor, alias, other)]
    assert [view.image_count for view in views] == [2, 2, 1]


async def test_some_are_counted_alone(desk: Desk, images: Images, clinician: Actor) -> None:
    one, _ = (await desk.make(clinician, "aa")).id, await desk.make(clinician, "bb")
    images.of = {one: [uuid4()]}
    found = await recount(desk, patients=[one])
    assert found.checked == 1
    assert found.differences == [Difference(patient=one, fact="image_count", kept="0", counted="1")]
