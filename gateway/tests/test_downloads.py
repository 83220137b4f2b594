"""Renditions and originals on their way out."""

import base64
import os
from urllib.parse import quote
from uuid import UUID, uuid4

import aiohttp
import pytest

from dermfolio.common.data_keys import DataKeys
from dermfolio.contracts.images import OBJECT_OWNER, LocateOriginal, LocateRendition, StoredObject
from dermfolio.contracts.patients import GetDataKey
from dermfolio.contracts.views.images import RenditionSize
from dermfolio.gateway.file_names import file_name_of

from .conftest import Browser, World
from .owner import ELSEWHERE

BYTES = os.urandom(200_000)


@pytest.fixture
def patient(world: World) -> UUID:
    return world.patients.add("p-1").id


async def test_a_tile_may_be_cached_and_a_large_rendition_never_unasked(
    world: World, browser: Browser, patient: UUID
) -> None:
    image = uuid4()
    for size, cached in ((320, "private, max-age=600"), (1280, "private, no-cache"), (2560, "private, no-cache")):
        stored = await _put(world, patient, image, size)
        answer = await browser.get(f"/patients/{patient}/images/{image}/renditions/{size}")
        assert (answer.status, answer.body) == (200, BYTES)
        assert answer.headers["Cache-Control"] == cached
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.headers["Content-Length"] == str(len(BYTES))
        assert answer.headers["ETag"] == stored.etag
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.req("ORG-8")
async def test_a_tile_that_is_seen_by_a_right_that_may_end_is_asked_for_each_time(
    world: World, browser: Browser, patient: UUID
) -> None:
    image = uuid4()
    stored = await _put(world, patient, image, 320)
    world.images.objects[image, "320"] = stored.model_copy(update={"at_home": False})
    answer = await browser.get(f"/patients/{patient}/images/{image}/renditions/320")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "private, no-cache")


async def test_a_full_rendition_is_a_png_that_is_treated_like_the_other_large_ones(
    world: World, browser: Browser, patient: UUID
) -> None:
    image = uuid4()
    await _put(world, patient, image, "full")
    answer = await browser.get(f"/patients/{patient}/images/{image}/renditions/full")
    assert (answer.status, answer.body, answer.headers["Content-Type"]) == (200, BYTES, "image/png")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    [asked] = world.images.of(LocateRendition)
    assert asked.size == "full"


async def test_who_has_it_already_is_told_so_and_the_owner_records_it_all_the_same(
    world: World, browser: Browser, patient: UUID
) -> None:
    image = uuid4()
    stored = await _put(world, patient, image, 2560)
    path = f"/patients/{patient}/images/{image}/renditions/2560"
    answer = await browser.get(path, headers={"If-None-Match": stored.etag})
    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["ETag"] == stored.etag
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert len(world.images.of(LocateRendition)) == 1
    world.patients.records[patient] = world.patients.records[patient].model_copy(update={"site": ELSEWHERE})
    assert (await browser.get(path, headers={"If-None-Match": stored.etag})).status == 404


async def test_a_part_can_be_had(world: World, browser: Browser, patient: UUID) -> None:
    image = uuid4()
    stored = await _put(world, patient, image, 2560)
    path = f"/patients/{patient}/images/{image}/renditions/2560"
    for asked, span in (("0-0", slice(0, 1)), ("65530-65560", slice(65_530, 65_561)), ("-7", slice(-7, None))):
        answer = await browser.get(path, headers={"Range": f"bytes={asked}"})
        assert answer.status == 206
        assert answer.body == BYTES[span]
        start, stop, _ = span.indices(len(BYTES))
        assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(BYTES)}"
    beyond = await browser.get(path, headers={"Range": f"bytes={len(BYTES)}-"})
    assert (beyond.status, beyond.code) == (416, "range_not_satisfiable")
    assert beyond.headers["Content-Range"] == f"bytes */{len(BYTES)}"
    changed = await browser.get(path, headers={"Range": "bytes=0-0", "If-Range": '"older"'})
    assert (changed.status, len(changed.body)) == (200, len(BYTES))
    same = await browser.get(path, headers={"Range": "bytes=0-0", "If-Range": stored.etag})
    assert same.status == 206


@pytest.mark.req("POOL-14")
async def test_the_original_is_a_download_under_its_own_name_byte_for_byte(
    world: World, browser: Browser, patient: UUID
) -> None:
    image = uuid4()
    await browser.send(
        "PUT",
        f"/patients/{patient}/images/{image}",
        data=BYTES,
        headers={"Content-Disposition": "attachment; filename*=UTF-8''..%2Fnaevus%20%22%C3%BC%22%0D%0A.jpg"},
    )
    answer = await browser.get(f"/patients/{patient}/images/{image}/original")
    assert (answer.status, answer.body) == (200, BYTES)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (
        answer.headers["Content-Disposition"]
        == "attachment; filename=\"naevus ___.jpg\"; filename*=UTF-8''naevus%20%22%C3%BC%22.jpg"
    )
    part = await browser.get(f"/patients/{patient}/images/{image}/original", headers={"Range": "bytes=100000-"})
    assert part.body == BYTES[100_000:]
    assert len(world.images.of(LocateOriginal)) == 2


@pytest.mark.req("POOL-14")
async def test_the_file_that_stands_as_people_turned_it_is_asked_for_by_name(
    world: World, browser: Browser, patient: UUID
) -> None:
    image = uuid4()
    place = f"/patients/{patient}/images/{image}"
    await browser.send("PUT", place, data=BYTES)
    for query in ("", "?rotated=false", "?rotated=true&revision=3"):
        assert (await browser.get(f"{place}/original{query}")).status == 200
    assert [asked.rotated for asked in world.images.of(LocateOriginal)] == [False, False, True]
    assert (await browser.get(f"{place}/original?rotated=1")).json["code"] == "invalid_request"


HOSTILE = {
    "../../../../etc/passwd": "passwd",
    "..\\..\\windows\\system32\\arm.jpg": "arm.jpg",
    "arm.jpg\r\nSet-Cookie: session=stolen": "arm.jpgSet-Cookie: session=stolen",
    'arm"; filename="other.exe': 'arm"; filename="other.exe',
    "arm\u202egpj.exe": "armgpj.exe",
    "\x00\x01\x1b[31marm.jpg": "[31marm.jpg",
    "<script>alert(1)</script>.jpg": "script>.jpg",
    "=HYPERLINK(1).jpg": "=HYPERLINK(1).jpg",
    "\N{GRINNING FACE}" * 4096: "\N{GRINNING FACE}" * 255,
    "x" * 4092 + ".jpg": "x" * 251 + ".jpg",
    "CON": "CON",
    ". .": "photograph",
}
"""Names that clients send, and what a browser is told to save the file as."""


@pytest.mark.req("POOL-14")
@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: ascii(name)[:40])
async def test_a_hostile_file_name_is_kept_as_data_and_never_becomes_a_path_or_a_header(
    world: World, browser: Browser, patient: UUID, name: str
) -> None:
    image = uuid4()
    place = f"/patients/{patient}/images/{image}"
    sent = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    assert (await browser.send("PUT", place, data=BYTES, headers=sent)).status == 202
    kept = (await browser.get(place)).json["file_name"]
    assert kept == "".join(c for c in name if c.isprintable() or c == "\u202e")
    answer = await browser.get(f"{place}/original")
    told = answer.headers["Content-Disposition"]
    assert told.isascii()
    assert told.isprintable()
    assert file_name_of(told) == HOSTILE[name]
    assert "Set-Cookie" not in answer.headers


async def test_a_size_that_is_none_and_a_rendition_that_is_not_there(
    world: World, browser: Browser, patient: UUID
) -> None:
    image = uuid4()
    path = f"/patients/{patient}/images/{image}/renditions"
    for size in ("321", "0", "-1", "x", "1e3", "٣٢٠", "Full", "full.png"):
        assert (await browser.get(f"{path}/{size}")).code == "invalid_request"
    assert not world.images.asked
    assert (await browser.get(f"{path}/320")).code == "image_not_ready"


async def test_the_key_of_a_patient_is_asked_for_once_a_minute(world: World, browser: Browser, patient: UUID) -> None:
    image = uuid4()
    await _put(world, patient, image, 320)
    for _ in range(3):
        await browser.get(f"/patients/{patient}/images/{image}/renditions/320")
    assert len(world.patients.of(GetDataKey)) == 1
    [call] = world.patients.calls(GetDataKey)
    assert call.actor.kind == "service", "keys are given to the gateway, not to a user"


async def test_an_object_that_is_not_what_was_stored_is_never_shown(
    world: World, browser: Browser, patient: UUID
) -> None:
    image = uuid4()
    stored = await _put(world, patient, image, 320)
    other = await _put(world, patient, image, 1280)
    whole = world.bucket.client.get_object(world.bucket.name, other.key).read()
    for damaged in (whole, whole[:-1], b"", whole[:40] + b"x" + whole[41:]):
        _overwrite(world, stored.key, damaged)
        answer = await browser.get(f"/patients/{patient}/images/{image}/renditions/320")
        assert (answer.status, answer.code) == (500, "damaged")


async def test_damage_found_midway_cuts_the_connection(world: World, browser: Browser, patient: UUID) -> None:
    image = uuid4()
    stored = await _put(world, patient, image, 320)
    whole = bytearray(world.bucket.client.get_object(world.bucket.name, stored.key).read())
    whole[-1] ^= 1
    _overwrite(world, stored.key, bytes(whole))
    with pytest.raises(aiohttp.ClientPayloadError):
        await browser.get(f"/patients/{patient}/images/{image}/renditions/320")
    assert (await browser.get("/session")).status == 200


async def test_a_missing_object_is_looked_for_once_more_and_then_an_alarm(
    world: World, browser: Browser, patient: UUID
) -> None:
    image = uuid4()
    stored = await _put(world, patient, image, 320)
    world.bucket.client.remove_object(world.bucket.name, stored.key)
    answer = await browser.get(f"/patients/{patient}/images/{image}/renditions/320")
    assert (answer.status, answer.code) == (500, "damaged")
    assert len(world.images.of(LocateRendition)) == 2


async def test_a_key_of_another_patient_opens_nothing(world: World, browser: Browser, patient: UUID) -> None:
    image, other = uuid4(), world.patients.add("p-2").id
    stored = await _put(world, patient, image, 320)
    world.images.objects[image, "320"] = stored.model_copy(update={"patient": other})
    answer = await browser.get(f"/patients/{other}/images/{image}/renditions/320")
    assert (answer.status, answer.code) == (500, "damaged")


async def _put(world: World, patient: UUID, image: UUID, size: RenditionSize, revision: int = 3) -> StoredObject:
    """Store a rendition as the owner of images does."""

    async def ask(_: UUID) -> str:
        return base64.urlsafe_b64encode(world.patients.keys[patient]).decode()

    kind = "png" if size == "full" else "webp"
    key = f"renditions/{image}/{revision}/{size}.{kind}"
    async with world.blobs() as blobs:
        await blobs.write(await DataKeys(ask).seal(patient, owner=OBJECT_OWNER, key=key, revision=revision), BYTES)
    stored = StoredObject(
        patient=patient,
        key=key,
        context_revision=revision,
        bytes=len(BYTES),
        media_type=f"image/{kind}",
        etag=f'"{image.hex}-{revision}-{size}"',
        file_name="skin.jpg",
    )
    world.images.objects[image, str(size)] = stored
    return stored


def _overwrite(world: World, key: str, data: bytes) -> None:
    import io

    world.bucket.client.remove_object(world.bucket.name, key)
    world.bucket.client.put_object(world.bucket.name, key, io.BytesIO(data), len(data))
