"""Originals of many photographs as one archive."""

import asyncio
import io
import os
import zipfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from urllib.parse import quote
from uuid import UUID, uuid4

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermfolio.common.testing import eventually
from dermfolio.contracts.images import LocateOriginal, StoredObject
from dermfolio.gateway import archives
from dermfolio.gateway.archive_names import names_in_archive

from .conftest import Browser, World, until
from .owner import ELSEWHERE


@pytest.fixture
def patient(world: World) -> UUID:
    return world.patients.add("p-1").id


@pytest.fixture
def place(patient: UUID) -> str:
    return f"/patients/{patient}/pool/archive"


async def _uploaded(browser: Browser, patient: UUID, *names: str, size: int = 200_000) -> dict[UUID, bytes]:
    files = {uuid4(): os.urandom(size) for _ in names}
    for (image, data), name in zip(files.items(), names, strict=True):
        sent = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
        answer = await browser.send("PUT", f"/patients/{patient}/images/{image}", data=data, headers=sent)
        assert answer.status == 202
    return files


def _unpacked(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.req("POOL-15")
async def test_an_archive_holds_the_originals_byte_for_byte_in_the_order_asked_for(
    world: World, browser: Browser, patient: UUID, place: str
) -> None:
    files = await _uploaded(browser, patient, "../naevus ü.jpg", "CON", "naevus ü.jpg")
    asked = list(reversed(files))
    answer = await browser.send("POST", place, json={"images": [str(image) for image in asked]})
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    found = _unpacked(answer.body)
    assert list(found) == ["001_naevus ü.jpg", "002_CON", "003_naevus ü.jpg"]
    assert list(found.values()) == [files[image] for image in asked]
    assert sorted(located.image for located in world.images.of(LocateOriginal)) == sorted(files)


async def test_one_photograph_that_is_not_there_refuses_all(
    world: World, browser: Browser, patient: UUID, place: str
) -> None:
    [image] = await _uploaded(browser, patient, "a.jpg")
    for images in ([image, uuid4()], [uuid4(), image]):
        answer = await browser.send("POST", place, json={"images": [str(i) for i in images]})
        assert (answer.status, answer.code) == (404, "not_found")
    world.patients.records[patient] = world.patients.records[patient].model_copy(update={"site": ELSEWHERE})
    assert (await browser.send("POST", place, json={"images": [str(image)]})).code == "not_found"


async def test_more_than_fits_is_refused_before_anything_is_sent(
    browser: Browser, patient: UUID, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = await _uploaded(browser, patient, "a.jpg", "b.jpg")
    monkeypatch.setattr(archives, "LARGEST", 300_000)
    answer = await browser.send("POST", place, json={"images": [str(image) for image in files]})
    assert (answer.status, answer.code) == (413, "archive_too_large")


async def test_damage_found_midway_cuts_the_connection(
    world: World, browser: Browser, patient: UUID, place: str
) -> None:
    await _uploaded(browser, patient, "a.jpg")
    [first] = world.images.uploads
    files = [first, *await _uploaded(browser, patient, "b.jpg")]
    broken = world.images.uploads[files[1]]
    [key] = [key for key in world.stored() if str(broken.image) in key]
    whole = bytearray(world.bucket.client.get_object(world.bucket.name, key).read())
    whole[-1] ^= 1
    world.bucket.client.put_object(world.bucket.name, key, io.BytesIO(bytes(whole)), len(whole))
    with pytest.raises(aiohttp.ClientPayloadError):
        await browser.send("POST", place, json={"images": [str(image) for image in files]})


async def test_one_user_has_so_many_archives_at_once(
    world: World, browser: Browser, patient: UUID, place: str, new_browser: Callable[..., Awaitable[Browser]]
) -> None:
    [image] = await _uploaded(browser, patient, "a.jpg")
    body = {"images": [str(image)]}
    world.images.meet[LocateOriginal] = asyncio.Barrier(archives.AT_ONCE + 1)
    others = [await new_browser() for _ in range(archives.AT_ONCE)]
    under_way = [asyncio.create_task(other.send("POST", place, json=body)) for other in others]
    await until(lambda: len(world.images.of(LocateOriginal)) == archives.AT_ONCE)
    answer = await browser.send("POST", place, json=body)
    assert (answer.status, answer.code) == (429, "too_many_archives")
    await world.images.meet.pop(LocateOriginal).wait()
    assert {(await one).status for one in under_way} == {200}


async def test_who_pauses_is_waited_for_and_who_leaves_gives_the_place_back(
    browser: Browser, patient: UUID, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    size, count, read = 4_000_000, 12, 0
    files = await _uploaded(browser, patient, *(f"{n}.jpg" for n in range(count)), size=size)
    segments = archives.Archives.segments

    async def counted(self: archives.Archives, stored: StoredObject) -> AsyncGenerator[bytes, None]:
        nonlocal read
        async for segment in segments(self, stored):
            read += len(segment)
            yield segment

    monkeypatch.setattr(archives.Archives, "segments", counted)
    headers, body = {"X-CSRF-Token": browser.csrf}, {"images": [str(image) for image in files]}
    begun = [await browser.http.post(f"/api/v1{place}", json=body, headers=headers) for _ in range(archives.AT_ONCE)]
    before = -1
    while read > before:
        before = read
        await asyncio.sleep(1)
    assert 0 < read < archives.AT_ONCE * count * size / 2, "no more than the connections hold"
    for answer in begun:
        answer.close()

    async def is_answered() -> bool:
        return (await browser.send("POST", place, json={"images": body["images"][:1]})).status == 200

    await eventually(is_answered, seconds=30)


@given(st.lists(st.text(max_size=300), min_size=1, max_size=20))
def test_names_in_an_archive_are_never_paths_and_never_twice_the_same(uploaded: list[str]) -> None:
    names = names_in_archive(uploaded)
    assert len({name.casefold() for name in names}) == len(uploaded)
    assert names == sorted(names)
    for name in names:
        assert not set(name) & set('/\\<>:"|?*')
        assert all(c.isprintable() or c.isspace() for c in name)
        assert not name.endswith((".", " "))
        assert len(name.encode()) < 200
