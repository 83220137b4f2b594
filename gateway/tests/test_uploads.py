"""The life of one upload, as far as the gateway lives it."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from dermfolio.common.data_keys import DataKeys
from dermfolio.common.testing import eventually
from dermfolio.contracts.images import OBJECT_OWNER, CheckUpload, ListPool, RegisterImage, original_key
from dermfolio.contracts.licence import GetLicence
from dermfolio.contracts.patients import MayAdmit
from dermfolio.contracts.settings import SettingsChanged
from dermfolio.contracts.views.licence import LicenceState
from dermfolio.gateway import unread, uploads

from .conftest import Browser, World, until
from .owner import ELSEWHERE

PHOTO = os.urandom(300_000)


@pytest.fixture
def patient(world: World) -> UUID:
    return world.patients.add("p-1").id


@pytest.mark.req("POOL-2")
async def test_an_upload_is_stored_sealed_then_registered(world: World, browser: Browser, patient: UUID) -> None:
    image = uuid4()
    answer = await browser.upload(patient, image, PHOTO, "left arm.jpg")
    assert answer.status == 202
    assert answer.json["outcome"] == "accepted"
    assert answer.headers["Location"] == f"/api/v1/patients/{patient}/images/{image}"
    [told] = world.images.of(RegisterImage)
    assert (told.image, told.patient, told.bytes) == (image, patient, len(PHOTO))
    assert told.sha256 == hashlib.sha256(PHOTO).hexdigest()
    assert told.file_name == "left arm.jpg"
    key = original_key(image, told.attempt)
    assert world.stored() == [key]
    assert PHOTO[:64] not in world.bucket.client.get_object(world.bucket.name, key).read()
    async with world.blobs() as blobs:
        assert await blobs.read(await _seal(world, patient, key)) == PHOTO


async def test_the_same_upload_again_gets_the_same_answer_and_other_bytes_are_refused(
    world: World, browser: Browser, patient: UUID
) -> None:
    image = uuid4()
    first, again = [await browser.upload(patient, image, PHOTO) for _ in range(2)]
    assert (first.status, first.json) == (again.status, again.json)
    attempts = {r.attempt for r in world.images.of(RegisterImage)}
    assert len(attempts) == 2, "attempts are never repeated"
    other = await browser.upload(patient, image, PHOTO + b"x")
    assert (other.status, other.code) == (409, "image_id_used")


@pytest.mark.req("POOL-3")
async def test_a_duplicate_is_a_success_that_points_to_what_it_equals(browser: Browser, patient: UUID) -> None:
    first, second = uuid4(), uuid4()
    await browser.upload(patient, first, PHOTO)
    answer = await browser.upload(patient, second, PHOTO)
    assert (answer.status, answer.json["outcome"]) == (200, "duplicate")
    assert answer.json["image"]["id"] == str(first)


async def test_a_name_may_be_missing_or_extended_and_is_never_in_the_address(
    world: World, browser: Browser, patient: UUID
) -> None:
    image = uuid4()
    path = f"/patients/{patient}/images/{image}"
    await browser.send("PUT", path, data=PHOTO)
    assert world.images.of(RegisterImage)[-1].file_name == str(image)
    extended = {"Content-Disposition": "attachment; filename*=UTF-8''na%C3%AFve%E2%80%AE.jpg"}
    await browser.send("PUT", path, data=PHOTO, headers=extended)
    assert world.images.of(RegisterImage)[-1].file_name == "naïve\u202e.jpg"
    nonsense = await browser.send("PUT", path, data=PHOTO, headers={"Content-Disposition": "nonsense!=;"})
    assert (nonsense.status, nonsense.code) == (400, "invalid_request")


async def test_what_is_asked_first_is_asked_side_by_side(world: World, browser: Browser, patient: UUID) -> None:
    all_three = asyncio.Barrier(3)  # nobody answers before all are asked
    for owner, request in ((world.identity, GetLicence), (world.patients, MayAdmit), (world.images, CheckUpload)):
        owner.meet[request] = all_three
    async with asyncio.timeout(20):
        assert (await browser.upload(patient, uuid4(), PHOTO)).status == 202


@pytest.mark.req("LIC-1")
async def test_without_a_valid_licence_nothing_is_read_and_the_denial_is_recorded(
    world: World, browser: Browser, patient: UUID
) -> None:
    before, image = uuid4(), uuid4()
    first = await browser.upload(patient, before, PHOTO)
    kept = world.stored()
    world.identity.licence = LicenceState.EXPIRED
    answer = await _refused_before_a_byte(browser, patient, image)
    assert "409 Conflict" in answer
    assert '"code": "licence_expired"' in answer
    assert '"reason": "expired"' in answer
    [record] = world.audit.records
    assert (record.event, record.object_kind, record.object_id) == ("gateway.upload_refused", "image", str(image))
    assert record.patient == patient
    assert world.stored() == kept
    again = await browser.upload(patient, before, PHOTO)
    assert (again.status, again.json) == (first.status, first.json), "what was registered has its answer"
    world.identity.licence = LicenceState.INVALID
    assert '"code": "licence_invalid"' in await _refused_before_a_byte(browser, patient, image)
    world.identity.licence = LicenceState.EXPIRING
    assert (await browser.upload(patient, image, PHOTO + b"2")).status == 202


async def test_a_foreign_or_missing_patient_is_refused_before_a_byte_is_read(
    world: World, browser: Browser, patient: UUID
) -> None:
    foreign = world.patients.add("p-2", ELSEWHERE).id
    answers = [await _refused_before_a_byte(browser, who, uuid4()) for who in (foreign, uuid4())]
    assert all("404 Not Found" in a for a in answers)
    assert _body(answers[0]) == _body(answers[1])
    taken = uuid4()
    await browser.upload(patient, taken, PHOTO)
    other = world.patients.add("p-3").id
    assert "404 Not Found" in await _refused_before_a_byte(browser, other, taken)


async def test_a_viewer_and_a_deleted_patient_are_refused_before_a_byte_is_read(
    world: World, stranger: Browser, patient: UUID
) -> None:
    await stranger.sign_in("viewer")
    assert "403 Forbidden" in await _refused_before_a_byte(stranger, patient, uuid4())
    await stranger.sign_in("clinician")
    world.patients.deleted.add(patient)
    assert "patient_deleted" in await _refused_before_a_byte(stranger, patient, uuid4())


@pytest.mark.req("CON-3")
async def test_what_cannot_be_checked_is_refused(
    world: World, browser: Browser, patient: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    for request in (GetLicence, MayAdmit, CheckUpload):
        monkeypatch.setattr(request, "timeout", 0.2)
    for owner in (world.identity, world.patients, world.images):
        await browser.get("/session")
        owner.down = True
        assert "503 Service Unavailable" in await _refused_before_a_byte(browser, patient, uuid4())
        owner.down = False
    assert not world.stored()


async def test_a_length_must_be_announced_and_fit(world: World, browser: Browser, patient: UUID) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield PHOTO

    path = f"/patients/{patient}/images/{uuid4()}"
    unannounced = await browser.send("PUT", path, data=chunks())
    assert (unannounced.status, unannounced.code) == (411, "length_required")
    empty = await browser.send("PUT", path, data=b"")
    assert (empty.status, empty.code) == (422, "empty_file")
    large = await browser.send("PUT", path, data=bytes(16 * 1024 * 1024 + 1))
    assert (large.status, large.code) == (413, "too_large")
    assert large.json["limit_bytes"] == 16 * 1024 * 1024
    assert (await browser.upload(patient, uuid4(), PHOTO)).status == 202, "the connection still works"
    assert len(world.images.of(CheckUpload)) == 1


async def test_a_changed_limit_is_in_force_as_soon_as_it_is_heard_of(
    world: World, browser: Browser, patient: UUID
) -> None:
    path = f"/patients/{patient}/images/{uuid4()}"
    longer = bytes(2 * 1024 * 1024)
    assert (await browser.get("/installation")).json["upload_limit_bytes"] == 16 * 1024 * 1024
    world.identity.settings = world.identity.settings.model_copy(
        update={"upload_limit_bytes": 1024 * 1024, "version": 1}
    )
    await world.say(SettingsChanged(fields=["upload_limit_bytes"], version=1))

    async def lower() -> bool | None:
        return (await browser.get("/installation")).json["upload_limit_bytes"] == 1024 * 1024 or None

    assert await eventually(lower)
    answer = await browser.send("PUT", path, data=longer)
    assert (answer.status, answer.code, answer.json["limit_bytes"]) == (413, "too_large", 1024 * 1024)


async def test_the_largest_file_is_taken(world: World, browser: Browser, patient: UUID) -> None:
    data = os.urandom(16 * 1024 * 1024)
    image = uuid4()
    assert (await browser.upload(patient, image, data)).status == 202
    [told] = world.images.of(RegisterImage)
    async with world.blobs() as blobs:
        assert await blobs.read(await _seal(world, patient, original_key(image, told.attempt))) == data


async def test_who_sends_far_too_much_still_sees_the_answer(
    browser: Browser, patient: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unread, "SHORT_BYTES", 1_000_000)
    reader, writer = await asyncio.open_connection("127.0.0.1", browser.running.port)
    writer.write(_head(browser, patient, uuid4(), 20_000_000).encode())
    await writer.drain()
    answer = asyncio.create_task(reader.read())
    for _ in range(20):
        writer.write(bytes(1_000_000))
        await writer.drain()
    seen = (await asyncio.wait_for(answer, 20)).decode()
    assert "413 " in seen
    assert "connection: close" in seen
    writer.close()


@pytest.mark.req("OPS-1")
async def test_a_connection_cut_at_the_end_leaves_nothing(world: World, browser: Browser, patient: UUID) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", browser.running.port)
    writer.write(_head(browser, patient, uuid4(), len(PHOTO)).encode() + PHOTO[:-1])
    await writer.drain()
    await asyncio.sleep(0.3)
    writer.close()
    await asyncio.sleep(0.5)
    assert not world.images.of(RegisterImage)
    assert not world.stored()


async def test_who_stalls_is_told_that_bytes_are_missing(
    world: World, browser: Browser, patient: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "STALL_SECONDS", 0.3)
    reader, writer = await asyncio.open_connection("127.0.0.1", browser.running.port)
    writer.write(_head(browser, patient, uuid4(), len(PHOTO)).encode() + PHOTO[:-1])
    answer = (await asyncio.wait_for(reader.read(4000), 10)).decode()
    assert "400 Bad Request" in answer
    assert "upload_incomplete" in answer
    assert not world.stored()
    writer.close()


async def test_a_session_that_ends_meanwhile_registers_nothing(world: World, browser: Browser, patient: UUID) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", browser.running.port)
    writer.write(_head(browser, patient, uuid4(), len(PHOTO)).encode() + PHOTO[:-1])
    await writer.drain()
    await asyncio.sleep(0.2)
    await browser.send("DELETE", "/session")
    writer.write(PHOTO[-1:])
    assert "401 Unauthorized" in (await asyncio.wait_for(reader.read(4000), 10)).decode()
    assert not world.images.of(RegisterImage)
    writer.close()


async def test_only_so_many_uploads_are_read_at_once_and_the_others_wait(world: World) -> None:
    patient = world.patients.add("p-1").id
    async with world.gateway(uploads_at_once=2) as running:
        browser = Browser(running)
        await browser.sign_in()
        heads = [_head(browser, patient, uuid4(), len(PHOTO), "Expect: 100-continue\r\n") for _ in range(3)]
        opened = [await asyncio.open_connection("127.0.0.1", running.port) for _ in heads]
        for (_, writer), head in zip(opened, heads, strict=True):
            writer.write(head.encode())
        told = {asyncio.create_task(reader.readuntil(b"\r\n\r\n")): i for i, (reader, _) in enumerate(opened)}
        done, waiting = await asyncio.wait(told, timeout=1.0)
        assert (len(done), len(waiting)) == (2, 1)
        assert all(task.result().startswith(b"HTTP/1.1 100 ") for task in done)
        first = told[next(iter(done))]
        opened[first][1].write(PHOTO)
        assert (await asyncio.wait_for(opened[first][0].readuntil(b"\r\n"), 10)).startswith(b"HTTP/1.1 202 ")
        [last] = waiting
        assert (await asyncio.wait_for(last, 10)).startswith(b"HTTP/1.1 100 ")
        for _, writer in opened:
            writer.close()
        await browser.close()


async def test_twenty_at_once_all_arrive(world: World, browser: Browser, patient: UUID) -> None:
    photos = {uuid4(): os.urandom(1_000_000) for _ in range(20)}
    answers = await asyncio.gather(*(browser.upload(patient, image, data) for image, data in photos.items()))
    assert {a.status for a in answers} == {202}
    assert {r.image: r.sha256 for r in world.images.of(RegisterImage)} == {
        image: hashlib.sha256(data).hexdigest() for image, data in photos.items()
    }


async def test_while_the_owner_cannot_register_the_client_comes_again_with_the_same_id(
    world: World, browser: Browser, patient: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RegisterImage, "timeout", 0.2)
    image = uuid4()
    arrived = asyncio.create_task(browser.upload(patient, image, PHOTO))
    await until(lambda: bool(world.images.of(CheckUpload)))
    world.images.down = True
    answer = await arrived
    assert (answer.status, answer.code) == (503, "unavailable")
    world.images.down = False
    assert (await browser.upload(patient, image, PHOTO)).status == 202
    [registered] = world.images.uploads.values()
    assert registered.image == image


async def test_a_failed_photograph_is_processed_again_and_only_a_failed_one(
    world: World, browser: Browser, patient: UUID
) -> None:
    image = uuid4()
    await browser.upload(patient, image, PHOTO)
    path = f"/patients/{patient}/images/{image}"
    assert (await browser.send("POST", f"{path}/retry")).code == "image_not_failed"
    world.images.states[image] = world.images.view(world.images.uploads[image]).state.FAILED
    assert (await browser.send("POST", f"{path}/retry")).json["state"] == "processing"
    one = await browser.get(path)
    assert (one.json["id"], one.headers["ETag"]) == (str(image), '"7"')
    assert (await browser.get(f"/patients/{patient}/images?limit=200")).json["total"] == 1
    assert (await browser.get(f"/patients/{patient}/images?limit=201")).code == "invalid_request"


async def test_the_photographs_that_events_named_are_fetched_at_once(
    world: World, browser: Browser, patient: UUID
) -> None:
    images = [uuid4() for _ in range(3)]
    for number, image in enumerate(images):
        await browser.upload(patient, image, PHOTO + bytes([number]))
    pool = f"/patients/{patient}/images"
    named = ",".join(map(str, [images[2], uuid4(), images[0]]))
    found = await browser.get(f"{pool}?images={named}")
    assert {view["id"] for view in found.json["images"]} == {str(images[0]), str(images[2])}
    many = [str(uuid4()) for _ in range(100)]
    assert (await browser.get(f"{pool}?images={'%2C'.join(many)}")).json["images"] == []
    assert len(world.images.of(ListPool)[-1].images) == 100
    nonsense = ["", ",", f"{images[0]},", f" {images[0]}", "x", images[0].hex, ",".join([*many, str(images[0])])]
    for text in nonsense:
        answer = await browser.get(f"{pool}?images={text}")
        assert (answer.status, answer.json["errors"][0]["loc"]) == (400, "query.images")
    assert (await browser.get(f"{pool}?images={images[0]}&images={images[1]}")).status == 400


def _head(browser: Browser, patient: UUID, image: UUID, length: int, more: str = "") -> str:
    [cookie] = [f"{c.key}={c.value}" for c in browser.http.cookie_jar]
    return (
        f"PUT /api/v1/patients/{patient}/images/{image} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n"
        f"X-CSRF-Token: {browser.csrf}\r\nContent-Length: {length}\r\n{more}\r\n"
    )


async def _refused_before_a_byte(browser: Browser, patient: UUID, image: UUID) -> str:
    """Announce an upload as curl does; the answer must come without the word to go on."""
    reader, writer = await asyncio.open_connection("127.0.0.1", browser.running.port)
    writer.write(
        _head(browser, patient, image, 300_000, "Expect: 100-continue\r\nX-Request-Id: same-id-1\r\n").encode()
    )
    answer = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)).decode()
    assert not answer.startswith("HTTP/1.1 100 ")
    assert "connection: close" in answer, "whether the body still comes is unknown"
    length = next(int(line.split(":")[1]) for line in answer.splitlines() if line.startswith("content-length"))
    answer += (await reader.readexactly(length)).decode()
    writer.close()
    return answer


def _body(answer: str) -> str:
    return answer.partition("\r\n\r\n")[2]


async def _seal(world: World, patient: UUID, key: str) -> object:
    async def ask(_: UUID) -> str:
        import base64

        return base64.urlsafe_b64encode(world.patients.keys[patient]).decode()

    return await DataKeys(ask).seal(patient, owner=OBJECT_OWNER, key=key)
