"""Counting the computed facts of patients anew (PAT-3), in batches, and putting right what differs."""

from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database, WriteSession
from dermfolio.contracts.patients import PatientCounted
from dermfolio.contracts.recount import (
    PATIENTS_AT_ONCE,
    CountImages,
    Difference,
    KnownImage,
    ListKnownImages,
    Recounted,
    RecountPatients,
)
from dermfolio.contracts.replay import Origin
from dermfolio.patients import (
    assigned_repository,
    entries_repository,
    merge_repository,
    recount_repository,
)
from dermfolio.patients.assigned_repository import PATIENT
from dermfolio.patients.models import Patient
from dermfolio.patients.recount_repository import Compared
from dermfolio.patients.tagging import tagged

OPERATORS = "ops"
_SERVICE = Origin(service="patients")


async def recount(db: Database, requests: Requests, call: Call, request: RecountPatients) -> Recounted:
    """Compare what is kept with what it comes to. Facts of images that are still on their way look like a difference
    for a moment: who asks looks again.
    """
    call.need_service(OPERATORS)
    async with db.read() as rows:
        if request.patients is None:
            found = await recount_repository.after(rows, request.after, PATIENTS_AT_ONCE)
        else:
            found = await recount_repository.named(rows, request.patients)
    images = (await requests.ask(CountImages(patients=[one.id for one in found]))).counts
    differences: list[Difference] = []
    for one in found:
        theirs = _differences(one, images.get(one.id, 0))
        if theirs and request.repair:
            moved_from = await _know_images(db, requests, one.id) if one.own_images != images.get(one.id, 0) else set()
            for patient in (one.id, *moved_from):
                await _count(db, patient)
        differences += theirs
    more = request.patients is None and len(found) == PATIENTS_AT_ONCE
    return Recounted(checked=len(found), differences=differences, next=found[-1].id if more else None)


def _differences(one: Compared, own_images: int) -> list[Difference]:
    counted = one.images - one.own_images + own_images
    pairs = (
        ("image_count", one.image_count, counted),
        ("entry_count", one.entry_count, one.entries),
        ("last_appointment", one.last_appointment, one.appointment),
        ("tags", [*map(str, one.tags)], [*map(str, one.in_force)]),
    )
    return [
        Difference.model_validate({"patient": one.id, "fact": fact, "kept": str(kept), "counted": str(now)})
        for fact, kept, now in pairs
        if kept != now
    ]


async def _know_images(db: Database, requests: Requests, patient: UUID) -> set[UUID]:
    """Learn from images which ones a patient has; returns the patients who have some of them no more."""
    known: list[KnownImage] = []
    moved_from: set[UUID] = set()
    while page := (await _page(requests, patient, known)):
        known += page
        async with db.write() as s:
            moved_from |= await recount_repository.project(s, patient, page)
    async with db.write() as s:
        await recount_repository.forget_others(s, patient, [one.image for one in known])
    return moved_from


async def _page(requests: Requests, patient: UUID, known: list[KnownImage]) -> list[KnownImage]:
    after = known[-1].image if known else None
    return (await requests.ask(ListKnownImages(patient=patient, after=after))).images


async def _count(db: Database, patient: UUID) -> None:
    """Bring a patient, and the survivor of an alias, up to what there is."""
    async with db.write() as s:
        records = await merge_repository.held_with_survivor(s, patient)
        for found in await assigned_repository.refresh(s, PATIENT, records):
            s.say(tagged(PATIENT, found), _SERVICE)
        await entries_repository.count_entries(s, records)
        for record in records:
            await _count_images(s, record)


async def _count_images(s: WriteSession, record: UUID) -> None:
    patient = await s.get_one(Patient, record)
    group = [record, *(alias.id for alias in await merge_repository.aliases(s, record))]
    patient.image_count = await merge_repository.images_of(s, group)
    patient.counted_version += 1
    s.add(patient)
    await s.flush()
    counted = PatientCounted(
        patient=record, site=patient.site, image_count=patient.image_count, version=patient.counted_version
    )
    s.say(counted, _SERVICE)
