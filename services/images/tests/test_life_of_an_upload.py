"""The life of one upload, from stored bytes to renditions."""

import asyncio
import base64
import hashlib
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from PIL.TiffImagePlugin import IFDRational

from dermfolio.common.blobs import BlobMissing
from dermfolio.common.errors import Refused
from dermfolio.common.host import Parts
from dermfolio.common.sealing import Context, DataKey, Seal
from dermfolio.common.service import Service
from dermfolio.common.testing import at, eventually, user
from dermfolio.contracts.images import (
    CheckUpload,
    GetImage,
    ListPool,
    LocateOriginal,
    LocateRendition,
    RegisterImage,
    RetryIngest,
)
from dermfolio.contracts.patients import GetDataKey
from dermfolio.contracts.replay import Fact
from dermfolio.contracts.roles import Role
from dermfolio.contracts.views.images import ImageState, RejectionReason
from dermfolio.contracts.views.licence import LicenceState
from dermfolio.images.app import service
from dermfolio.images.reconcile import Reconciler
from dermfolio.images.settings import ImagesSettings

from .conftest import MIGRATIONS, Clinic
from .imaging import samples
from .imaging.samples import exif, texture, tiff
from .photographs import photograph


async def object_of(clinic: Clinic, request: LocateRendition | LocateOriginal) -> bytes:
    stored = await clinic.ask.ask(request, clinic.call)
    key = (await clinic.ask.ask(GetDataKey(patient=clinic.patient))).key
    context = Context(owner="images", key=stored.key, revision=stored.context_revision)
    return await clinic.blobs.read(Seal(DataKey(base64.urlsafe_b64decode(key)), context))


async def test_an_upload_becomes_ready_with_three_renditions_and_its_original_stays_as_it_was(clinic: Clinic) -> None:
    data = photograph(width=3000, height=2000)
    upload = await clinic.upload(data)
    assert (upload.outcome, upload.image.state) == ("accepted", ImageState.PROCESSING)
    image = await clinic.settled(upload.image.id)
    assert (image.state, image.width, image.height, image.media_type) == (ImageState.READY, 3000, 2000, "image/jpeg")
    assert [(r.size, r.width, r.height) for r in image.renditions] == [
        (2560, 2560, 1707),
        (1280, 1280, 853),
        (320, 320, 213),
    ]
    assert image.thumbhash == samples.developed(data).thumbhash
    original = await object_of(clinic, LocateOriginal(patient=clinic.patient, image=image.id))
    assert original == data
    for rendition in image.renditions:
        located = LocateRendition(patient=clinic.patient, image=image.id, size=rendition.size)
        webp = await object_of(clinic, located)
        assert (webp[:4], webp[8:12], len(webp)) == (b"RIFF", b"WEBP", rendition.bytes)


@pytest.mark.req("POOL-2")
async def test_what_browsers_do_not_show_has_a_full_rendition_and_other_photographs_have_none(clinic: Clinic) -> None:
    data = tiff(texture(3000, 200), exif=exif({0x829A: IFDRational(1, 60)}))
    image = await clinic.settled((await clinic.upload(data)).image.id)
    assert (image.state, image.media_type) == (ImageState.READY, "image/tiff")
    assert [(r.size, r.media_type) for r in image.renditions] == [
        (2560, "image/webp"),
        (1280, "image/webp"),
        (320, "image/webp"),
        ("full", "image/png"),
    ]
    assert image.capture is not None
    assert image.capture.exposure_seconds == pytest.approx(1 / 60)
    located = LocateRendition(patient=clinic.patient, image=image.id, size="full")
    stored = await clinic.ask.ask(located, clinic.call)
    assert (stored.media_type, stored.key.split("/")[-1]) == ("image/png", "full.png")
    assert (await object_of(clinic, located))[:8] == b"\x89PNG\r\n\x1a\n"
    await Reconciler(clinic.db, clinic.blobs, after=timedelta(0), grace=timedelta(0))()
    assert len([s async for s in clinic.blobs.stored(f"renditions/{image.id}/")]) == 4

    async def viewed() -> bool:
        sizes = [fact.data["size"] for fact in await clinic.said() if fact.subject.endswith("rendition_viewed")]
        return sizes == ["full", "full"]

    await eventually(viewed)
    plain = await clinic.settled((await clinic.upload(photograph())).image.id)
    with pytest.raises(Refused) as refused:
        await clinic.ask.ask(LocateRendition(patient=clinic.patient, image=plain.id, size="full"), clinic.call)
    assert refused.value.code == "not_found"


@pytest.mark.req("POOL-3")
async def test_a_corrupt_file_is_rejected_with_a_reason_and_nothing_of_it_is_kept(clinic: Clinic) -> None:
    upload = await clinic.upload(photograph()[:2000])
    image = await clinic.settled(upload.image.id)
    assert (image.state, image.reason) == (ImageState.REJECTED, RejectionReason.TRUNCATED)
    assert image.message is not None
    assert image.message.endswith(".")

    async def gone() -> bool:
        return not await clinic.originals(image.id)

    await eventually(gone)
    pool = await clinic.ask.ask(ListPool(patient=clinic.patient), clinic.call)
    assert (pool.images, pool.total) == ([], 0)
    with pytest.raises(Refused):
        await clinic.ask.ask(LocateOriginal(patient=clinic.patient, image=image.id), clinic.call)


async def test_the_same_id_and_bytes_give_the_same_answer_and_other_bytes_are_refused(idle_clinic: Clinic) -> None:
    image, data = uuid4(), photograph()
    answers = [await idle_clinic.upload(data, image) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert len(await idle_clinic.originals(image)) == 1
    with pytest.raises(Refused) as refused:
        await idle_clinic.upload(photograph(2), image)
    assert refused.value.code == "image_id_used"
    assert len(await idle_clinic.originals(image)) == 1


@pytest.mark.req("LIC-1")
@pytest.mark.req("POOL-18")
async def test_a_licence_that_ends_before_the_registration_lets_nothing_in_and_the_bytes_are_swept(
    idle_clinic: Clinic,
) -> None:
    before, after, data = uuid4(), uuid4(), photograph()
    accepted = await idle_clinic.upload(data, before)
    idle_clinic.identity.licence = LicenceState.EXPIRED
    with pytest.raises(Refused) as refused:
        await idle_clinic.upload(photograph(2), after)
    assert refused.value.code == "licence_expired"
    assert await idle_clinic.originals(after) == []
    assert await idle_clinic.upload(data, before) == accepted, "what was registered has its answer"
    with pytest.raises(Refused):
        await idle_clinic.upload(data, uuid4())

    async def denied() -> list[tuple[str, str]]:
        refusals = [fact.data for fact in await idle_clinic.said() if fact.subject == "evt.images.denied"]
        return [(data["code"], data["target"]) for data in refusals]

    assert (await eventually(denied))[0] == ("licence_expired", str(after))


@pytest.mark.req("CON-3")
@pytest.mark.req("POOL-18")
async def test_consent_that_is_missing_at_the_registration_lets_nothing_in_and_the_bytes_are_swept(
    idle_clinic: Clinic,
) -> None:
    before, after, data = uuid4(), uuid4(), photograph()
    accepted = await idle_clinic.upload(data, before)
    idle_clinic.identity.consent = "required"
    with pytest.raises(Refused) as refused:
        await idle_clinic.upload(photograph(2), after)
    assert refused.value.code == "consent_required"
    assert await idle_clinic.originals(after) == []
    assert await idle_clinic.upload(data, before) == accepted, "what was registered has its answer"


async def test_an_id_of_another_patient_is_not_found(idle_clinic: Clinic) -> None:
    upload = await idle_clinic.upload(photograph())
    other = await idle_clinic.new_patient("pat-2")
    with pytest.raises(Refused) as refused:
        await idle_clinic.upload(photograph(2), upload.image.id, patient=other)
    assert refused.value.code == "not_found"
    for image, patient in ((upload.image.id, other), (uuid4(), idle_clinic.patient)):
        check = idle_clinic.ask.ask(CheckUpload(image=image, patient=patient), idle_clinic.call)
        if patient == other:
            with pytest.raises(Refused):
                await check
        else:
            assert not (await check).known


@pytest.mark.req("POOL-3")
async def test_bytes_already_in_the_pool_are_a_duplicate_of_that_image_also_when_asked_again(
    idle_clinic: Clinic,
) -> None:
    data = photograph()
    first = await idle_clinic.upload(data)
    again = uuid4()
    for _ in range(2):
        duplicate = await idle_clinic.upload(data, again)
        assert (duplicate.outcome, duplicate.image.id) == ("duplicate", first.image.id)
    assert await idle_clinic.originals(again) == []
    other = await idle_clinic.new_patient("pat-2")
    key = (await idle_clinic.ask.ask(GetDataKey(patient=other))).key
    assert key, "another patient's pool may hold the same bytes"


async def test_the_same_bytes_many_times_in_parallel_are_one_image(idle_clinic: Clinic) -> None:
    data = photograph()
    answers = await asyncio.gather(*(idle_clinic.upload(data) for _ in range(24)))
    assert len({a.image.id for a in answers}) == 1
    assert [a.outcome for a in answers].count("accepted") == 1
    pool = await idle_clinic.ask.ask(ListPool(patient=idle_clinic.patient), idle_clinic.call)
    assert pool.total == 1


@pytest.mark.req("ORG-1")
async def test_those_who_may_not_upload_are_refused_and_their_bytes_removed(idle_clinic: Clinic) -> None:
    refusals = {
        "forbidden": at(idle_clinic.site, Role.VIEWER),
        "not_found": at(uuid4(), Role.CLINICIAN),
    }
    for code, actor in refusals.items():
        image = uuid4()
        with pytest.raises(Refused) as refused:
            await idle_clinic.upload(photograph(), image, call=idle_clinic.ground.call(actor))
        assert refused.value.code == code
        assert await idle_clinic.originals(image) == []


@pytest.mark.req("ORG-1")
async def test_a_foreign_image_answers_as_one_that_does_not_exist(idle_clinic: Clinic) -> None:
    image = (await idle_clinic.upload(photograph())).image.id
    stranger = idle_clinic.ground.call(at(uuid4(), Role.SITE_ADMIN))
    admin = idle_clinic.ground.call(user(installation=Role.ADMIN))
    for call in (stranger, admin):
        for wanted in (image, uuid4()):
            where = {"patient": idle_clinic.patient, "image": wanted}
            requests = (
                GetImage(**where),
                LocateOriginal(**where),
                LocateRendition(**where, size=320),
                RetryIngest(**where),
            )
            for request in requests:
                with pytest.raises(Refused) as refused:
                    await idle_clinic.ask.ask(request, call)
                assert (refused.value.code, refused.value.facts) == ("not_found", {})


@pytest.mark.req("AUD-1")
async def test_a_pool_is_one_record_and_larger_renditions_and_originals_one_each(clinic: Clinic) -> None:
    images = [(await clinic.upload(photograph(n))).image.id for n in (1, 2)]
    for image in images:
        await clinic.settled(image)
    await clinic.ask.ask(ListPool(patient=clinic.patient), clinic.call)
    for size in (320, 1280, 2560):
        await clinic.ask.ask(LocateRendition(patient=clinic.patient, image=images[0], size=size), clinic.call)
    await clinic.ask.ask(LocateOriginal(patient=clinic.patient, image=images[0]), clinic.call)

    async def shown() -> list[Fact] | None:
        kinds = ("pool_viewed", "rendition_viewed", "original_downloaded")
        found = [fact for fact in await clinic.said() if fact.subject.endswith(kinds)]
        return found if len(found) >= 4 else None

    pool, large, larger, original = await eventually(shown)
    assert (pool.subject, set(pool.data["images"])) == ("evt.images.pool_viewed", {str(i) for i in images})
    assert [large.data["size"], larger.data["size"]] == [1280, 2560]
    assert original.subject == "evt.images.original_downloaded"


async def test_what_no_image_claims_is_swept_and_what_counts_stays(clinic: Clinic) -> None:
    kept = (await clinic.settled((await clinic.upload(photograph())).image.id)).id
    abandoned = uuid4()
    await clinic.store(abandoned, photograph(2))
    await Reconciler(clinic.db, clinic.blobs, after=timedelta(minutes=1), grace=timedelta(0))()
    assert len(await clinic.originals(abandoned)) == 1, "it may belong to an upload under way"
    await Reconciler(clinic.db, clinic.blobs, after=timedelta(0), grace=timedelta(0))()
    assert await clinic.originals(abandoned) == []
    assert len(await clinic.originals(kept)) == 1
    assert len([s async for s in clinic.blobs.stored(f"renditions/{kept}/")]) == 3


async def test_bytes_stored_long_ago_are_not_registered_because_they_may_be_swept(idle_clinic: Clinic) -> None:
    image, data = uuid4(), photograph()
    request = RegisterImage(
        image=image,
        patient=idle_clinic.patient,
        attempt=await idle_clinic.store(image, data),
        sha256=hashlib.sha256(data).hexdigest(),
        bytes=len(data),
        file_name="late.jpg",
        stored_at="2020-01-01T00:00:00Z",
    )
    with pytest.raises(Refused) as refused:
        await idle_clinic.ask.ask(request, idle_clinic.call)
    assert refused.value.code == "upload_incomplete"


async def test_pages_of_a_pool_show_every_image_once(idle_clinic: Clinic) -> None:
    uploaded = [(await idle_clinic.upload(photograph(n))).image.id for n in range(5)]
    seen: list[UUID] = []
    cursor = None
    while True:
        page = await idle_clinic.ask.ask(
            ListPool(patient=idle_clinic.patient, limit=2, cursor=cursor), idle_clinic.call
        )
        assert page.total == 5
        seen += [image.id for image in page.images]
        if (cursor := page.next) is None:
            break
    assert seen == uploaded[::-1]


@pytest.mark.req("POOL-16")
async def test_images_asked_for_by_their_ids_are_shown_in_every_state_and_recorded(clinic: Clinic) -> None:
    good, unseen = [(await clinic.upload(photograph(n))).image.id for n in (1, 2)]
    bad = (await clinic.upload(b"%PDF-1.7")).image.id
    for image in (good, unseen, bad):
        await clinic.settled(image)
    elsewhere = await clinic.new_patient("pat-2")
    foreign = (await clinic.upload(photograph(3), patient=elsewhere)).image.id
    named = ListPool(patient=clinic.patient, images=[bad, foreign, uuid4(), good, good])
    page = await clinic.ask.ask(named, clinic.call)
    assert [image.id for image in page.images] == [bad, good]
    assert (page.total, page.next) == (2, None), "the pool itself lists no rejected file"
    assert page.images[0].message is not None
    stranger = clinic.ground.call(at(uuid4(), Role.CLINICIAN))
    with pytest.raises(Refused) as refused:
        await clinic.ask.ask(named, stranger)
    assert refused.value.code == "not_found"

    async def shown() -> list[str] | None:
        found = [fact.data["images"] for fact in await clinic.said() if fact.subject.endswith("pool_viewed")]
        return found[-1] if found else None

    assert await eventually(shown) == [str(bad), str(good)]


async def test_a_pool_of_the_longest_file_names_is_shown_in_pages_that_fit_the_bus(idle_clinic: Clinic) -> None:
    longest = "\N{GRINNING FACE}" * 4096
    for number in range(70):
        await idle_clinic.upload(f"bytes {number}".encode(), name=longest)
    seen: set[UUID] = set()
    cursor, pages = None, 0
    while pages == 0 or cursor is not None:
        request = ListPool(patient=idle_clinic.patient, limit=200, cursor=cursor)
        page = await idle_clinic.ask.ask(request, idle_clinic.call)
        assert {image.file_name for image in page.images} == {longest}
        seen |= {image.id for image in page.images}
        cursor, pages = page.next, pages + 1
    assert (len(seen), pages) == (70, 2)


def _impatient(settings: ImagesSettings, parts: Parts) -> Service:
    value = service(settings, parts)
    return replace(value, consumers=[replace(c, fault_delays=(0.05, 0.05)) for c in value.consumers])


async def test_a_lost_original_makes_the_image_failed_and_its_user_may_retry(idle_clinic: Clinic) -> None:
    image = (await idle_clinic.upload(photograph())).image.id
    retry = RetryIngest(patient=idle_clinic.patient, image=image)
    with pytest.raises(Refused) as refused:
        await idle_clinic.ask.ask(retry, idle_clinic.call)
    assert refused.value.code == "image_not_failed"
    await idle_clinic.blobs.delete(await idle_clinic.originals(image))
    working = idle_clinic.ground.running("images", idle_clinic.settings, _impatient, MIGRATIONS, role="work")
    async with working:
        assert (await idle_clinic.settled(image)).state is ImageState.FAILED
        with pytest.raises(BlobMissing):
            await object_of(idle_clinic, LocateOriginal(patient=idle_clinic.patient, image=image))
        assert (await idle_clinic.ask.ask(retry, idle_clinic.call)).state is ImageState.PROCESSING
        assert (await idle_clinic.settled(image)).state is ImageState.FAILED
