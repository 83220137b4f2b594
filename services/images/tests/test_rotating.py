"""Turning photographs: clicks add up, every rendition turns at once, the uploaded bytes stay."""

import asyncio
import io
from datetime import timedelta
from uuid import uuid4

import numpy as np
import pytest
import sqlalchemy as sa
from numpy.typing import NDArray
from PIL import Image, ImageOps

from dermfolio.common.errors import Refused
from dermfolio.common.testing import at, eventually
from dermfolio.contracts.images import GetImage, LocateOriginal, StoredObject
from dermfolio.contracts.moving import MoveImage
from dermfolio.contracts.roles import Role
from dermfolio.contracts.rotation import TurnImage
from dermfolio.contracts.views.images import ImageState
from dermfolio.contracts.views.moving import NewMove
from dermfolio.images.imaging import Developed, Reason, Rejected
from dermfolio.images.imaging.develop import develop
from dermfolio.images.reconcile import Reconciler
from dermfolio.images.turned_original import as_png

from .conftest import Clinic
from .imaging.samples import corners, exif, gif, jpeg, pixels
from .turning import Bench, Table, at_table, bench_of

pytestmark = pytest.mark.req("POOL-13")

ORIENTATION = 0x0112
TURNED_TO = jpeg(corners(400, 240), exif=exif(main={ORIENTATION: 6}))


@pytest.fixture
async def table(clinic: Clinic) -> Table:
    made = await at_table(clinic, TURNED_TO)
    assert (await clinic.settled(made.image)).state is ImageState.READY
    return made


def _thumbhash(data: bytes, rotation: int) -> str:
    outcome = develop(data, rotation=rotation)
    assert isinstance(outcome, Developed)
    return outcome.thumbhash


async def test_every_rendition_turns_clockwise_with_each_click_and_the_uploaded_bytes_stay(table: Table) -> None:
    before = await table.seen()
    shown = {size: pixels(await table.rendition(size)) for size in (320, 1280, 2560)}
    for clicks in range(1, 5):
        asked = await table.rotate()
        assert asked.rotating
        after = await table.standing()
        assert after.rotation == 90 * clicks % 360
        assert after.revision > before.revision
        sides = (before.width, before.height)
        assert (after.width, after.height) == (sides[::-1] if clicks % 2 else sides)
        assert after.thumbhash == _thumbhash(table.data, after.rotation)
        for size, old in shown.items():
            new = pixels(await table.rendition(size))
            assert _differ(np.rot90(old, -clicks), new) < 3
        assert await table.opened(await table.original(rotated=False)) == table.data
        assert (after.sha256, after.bytes, after.capture) == (before.sha256, before.bytes, before.capture)


async def test_quick_clicks_add_up_exactly(table: Table) -> None:
    answers = await asyncio.gather(*(table.rotate() for _ in range(7)))
    assert len({answer.version for answer in answers}) == 7
    assert (await table.standing()).rotation == 7 * 90 % 360
    assert len(await table.said("rotation_wanted")) == 7
    made = await table.said("rotated")
    assert made[-1].data["revision"] == (await table.seen()).revision


async def test_a_click_that_is_sent_again_turns_once(table: Table) -> None:
    await asyncio.gather(*(table.rotate(3, key="click-1") for _ in range(4)))
    assert (await table.standing()).rotation == 270
    assert (await table.rotate(3, key="click-1")).rotation == 270
    assert await table.refused(quarter_turns=1, key="click-1") == "idempotency_key_reused"
    assert len(await table.said("rotation_wanted")) == 1


async def test_turning_back_before_it_is_made_makes_nothing(bench: Bench) -> None:
    assert (await bench.table.rotate(3)).rotating
    assert not (await bench.table.rotate(1)).rotating
    await bench.work(TurnImage(image=bench.table.image, rotation=270))
    assert (bench.decoded, (await bench.table.seen()).rotation) == (0, 0)


async def test_who_may_not_change_the_patients_photographs_may_not_turn_them(table: Table) -> None:
    clinic = table.clinic
    viewer = clinic.ground.call(at(clinic.site, Role.VIEWER))
    assert await table.refused(call=viewer) == "forbidden"
    assert await table.refused(call=clinic.ground.call(at(uuid4(), Role.CLINICIAN))) == "not_found"
    assert await table.refused(patient=await clinic.new_patient("pat-2")) == "not_found"


async def test_what_is_not_ready_is_not_turned(idle_clinic: Clinic) -> None:
    table = await at_table(idle_clinic, TURNED_TO)
    assert await table.refused() == "image_not_ready"


async def test_it_is_not_moved_while_it_is_turned_nor_turned_while_it_is_moved(table: Table) -> None:
    clinic = table.clinic
    target = await clinic.new_patient("pat-2")
    await table.rotate()
    await table.standing()
    rotated = await table.opened(await table.original(rotated=True))
    async with clinic.db.write() as s:
        await s.execute(sa.text("UPDATE images SET wanted_rotation = 180 WHERE id = :id"), {"id": table.image})
    asked = MoveImage(
        patient=clinic.patient,
        image=table.image,
        version=await table.version(),
        move=NewMove(patient=target, unique_id="pat-2"),
    )
    with pytest.raises(Refused, match="image_not_ready"):
        await clinic.ask.ask(asked, clinic.call)
    async with clinic.db.write() as s:
        set_ = "UPDATE images SET wanted_rotation = rotation, moving_to = :to WHERE id = :id"
        await s.execute(sa.text(set_), {"id": table.image, "to": target})
    assert await table.refused() == "image_moving"
    async with clinic.db.write() as s:
        await s.execute(sa.text("UPDATE images SET moving_to = NULL WHERE id = :id"), {"id": table.image})
    await clinic.ask.ask(asked, clinic.call)

    async def arrived() -> StoredObject | None:
        try:
            there = LocateOriginal(patient=target, image=table.image, rotated=True)
            return await clinic.ask.ask(there, clinic.call)
        except Refused:
            return None

    moved = await eventually(arrived, seconds=60)
    assert moved.patient == target
    assert await table.opened(moved) == rotated
    view = await clinic.ask.ask(GetImage(patient=target, image=table.image), clinic.call)
    assert (view.rotation, view.rotating) == (90, False)


@pytest.mark.req("POOL-14")
async def test_the_turned_original_of_a_jpeg_is_the_same_file_that_says_that_it_stands_so(table: Table) -> None:
    upright = await table.original(rotated=True)
    assert await table.opened(upright) == table.data
    await table.rotate()
    view = await table.standing()
    turned = await table.original(rotated=True)
    data = await table.opened(turned)
    assert (turned.media_type, turned.file_name) == ("image/jpeg", "arm.jpg")
    assert turned.etag != upright.etag
    assert [n for n in range(len(data)) if data[n] != table.data[n]] == [table.data.index(b"\x01\x12\x00\x03") + 9]
    with Image.open(io.BytesIO(data)) as picture:
        assert ImageOps.exif_transpose(picture).size == (view.width, view.height)
    assert len(await table.said("original_downloaded")) == 2


@pytest.mark.req("POOL-14")
async def test_the_turned_original_of_any_other_file_is_a_png_of_all_its_pixels(clinic: Clinic) -> None:
    data = gif(corners())
    table = await at_table(clinic, data, "left.arm.gif")
    await clinic.settled(table.image)
    assert (await table.original(rotated=True)).file_name == "left.arm.gif"
    await table.rotate()
    await table.standing()
    stored = await table.original(rotated=True)
    assert (stored.media_type, stored.file_name) == ("image/png", "left.arm.png")
    with Image.open(io.BytesIO(data)) as picture:
        seen = np.asarray(picture.convert("RGB"))
    assert np.array_equal(pixels(await table.opened(stored)), np.rot90(seen, -1))


@pytest.mark.parametrize(
    ("name", "png"),
    [
        ("arm.tiff", "arm.png"),
        ("arm", "arm.png"),
        (".tif", ".tif.png"),
        ("arm.PNG", "arm.PNG"),
        ("2026.03.12 arm", "2026.03.12 arm.png"),
        ("é.webp", "é.png"),
        ("no. 5 of many", "no. 5 of many.png"),
    ],
)
def test_a_png_is_named_after_the_original(name: str, png: str) -> None:
    assert as_png(name) == png


async def test_what_was_shown_before_is_swept(table: Table) -> None:
    await table.rotate()
    revision = (await table.standing()).revision
    await Reconciler(table.clinic.db, table.clinic.blobs, after=timedelta(0), grace=timedelta(0))()
    left = {stored.key async for stored in table.clinic.blobs.stored(f"renditions/{table.image}/")}
    names = {"320.webp", "1280.webp", "2560.webp", "rotated.jpg"}
    assert left == {f"renditions/{table.image}/{revision}/{name}" for name in names}


@pytest.mark.req("DEL-6")
@pytest.mark.parametrize("lost", ["320.webp", "rotated.jpg"])
async def test_what_is_lost_of_a_turned_photograph_is_made_again_as_it_stands(table: Table, lost: str) -> None:
    await table.rotate()
    before = await table.standing()
    shown = await table.rendition(1280), await table.opened(await table.original(rotated=True))
    await table.clinic.blobs.delete([f"renditions/{table.image}/{before.revision}/{lost}"])
    reconciler = Reconciler(table.clinic.db, table.clinic.blobs, after=timedelta(hours=1), grace=timedelta(0))
    found = await reconciler.part(None)
    assert [one.object for one in found.missing] == (["rendition"] if lost == "320.webp" else [])
    after = await table.clinic.settled(table.image)
    assert (after.state, after.rotation, after.rotating) == (ImageState.READY, 90, False)
    assert after.revision > before.revision
    assert (await table.rendition(1280), await table.opened(await table.original(rotated=True))) == shown
    assert (await reconciler.part(None)).missing == []


@pytest.mark.req("DEL-6")
async def test_what_is_about_to_be_turned_is_not_made_again_beside(bench: Bench) -> None:
    before = await bench.table.rotate()
    revision = (await bench.table.seen()).revision
    clinic = bench.table.clinic
    await clinic.blobs.delete([f"renditions/{bench.table.image}/{revision}/320.webp"])
    await Reconciler(clinic.db, clinic.blobs, after=timedelta(hours=1), grace=timedelta(0))()
    seen = await bench.table.seen()
    assert (seen.state, seen.rotating, await bench.table.version()) == (ImageState.READY, True, before.version)
    await bench.work(TurnImage(image=bench.table.image, rotation=90))
    assert ((await bench.table.seen()).rotation, len(await bench.table.rendition(320)) > 0) == (90, True)


@pytest.fixture
async def bench(idle_clinic: Clinic) -> Bench:
    """A ready photograph that nobody turns but by hand."""
    return await bench_of(idle_clinic, TURNED_TO)


async def test_a_job_whose_wish_is_overtaken_or_fulfilled_is_done_without_decoding(bench: Bench) -> None:
    image = bench.table.image
    await bench.table.rotate(1)
    await bench.table.rotate(1)
    overtaken, wanted = TurnImage(image=image, rotation=90), TurnImage(image=image, rotation=180)
    await bench.work(overtaken)
    assert (bench.decoded, (await bench.table.seen()).rotating) == (0, True)
    await bench.work(wanted)
    assert (bench.decoded, (await bench.table.seen()).rotation) == (1, 180)
    await bench.work(wanted)
    await bench.work(TurnImage(image=image, rotation=180))
    assert bench.decoded == 1
    assert len(await bench.table.said("rotated")) == 1


async def test_what_is_overtaken_while_it_is_made_is_not_shown(bench: Bench) -> None:
    before = await bench.table.rotate(1)

    async def click() -> None:
        bench.meanwhile = None
        await bench.table.rotate(1)

    bench.meanwhile = click
    await bench.work(TurnImage(image=bench.table.image, rotation=90))
    seen = await bench.table.seen()
    assert (seen.rotation, seen.rotating, await bench.table.version()) == (0, True, before.version + 1)
    await bench.work(TurnImage(image=bench.table.image, rotation=180))
    assert (await bench.table.seen()).rotation == 180


async def test_what_cannot_be_turned_stands_as_before_and_says_so(bench: Bench) -> None:
    before = await bench.table.rotate(1)
    bench.outcomes = [Rejected(Reason.TOOK_TOO_LONG)]
    await bench.work(TurnImage(image=bench.table.image, rotation=90))
    seen = await bench.table.seen()
    assert (seen.rotation, seen.rotating, seen.state) == (0, False, ImageState.READY)
    [said] = await bench.table.said("rotation_given_up")
    assert said.data["version"] == await bench.table.version() == before.version + 1


async def test_a_buried_job_ends_the_waiting_unless_another_click_came(bench: Bench) -> None:
    turn = bench.turn()
    await bench.table.rotate(1)
    await turn.buried(TurnImage(image=bench.table.image, rotation=270))
    assert (await bench.table.seen()).rotating
    await turn.buried(TurnImage(image=bench.table.image, rotation=90))
    assert not (await bench.table.seen()).rotating
    assert len(await bench.table.said("rotation_given_up")) == 1


def _differ(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    assert one.shape == other.shape
    return float(np.abs(one.astype(int) - other.astype(int)).mean())
