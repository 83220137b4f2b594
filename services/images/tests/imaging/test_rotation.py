"""Quarter turns: of what a file says of how it stands, of its renditions, and of the file itself."""

import io
import struct
from collections.abc import Callable

import numpy as np
import pytest
import pyvips
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageOps

from dermfolio.images.imaging import FULL, Developed
from dermfolio.images.imaging.develop import develop
from dermfolio.images.imaging.orientation import swaps_sides, turned, upright
from dermfolio.images.imaging.reoriented import reoriented

from .samples import avif, corners, exif, gif, jpeg, pixels, png, texture, tiff, webp

pytestmark = pytest.mark.req("POOL-13")

ORIENTATION = 0x0112
ORIENTATIONS = st.integers(1, 8)
ROTATIONS = st.sampled_from((0, 90, 180, 270))


@given(ORIENTATIONS, ROTATIONS)
def test_a_turn_of_the_orientation_is_a_turn_of_the_upright_picture(orientation: int, rotation: int) -> None:
    stored = pyvips.Image.new_from_array([[1, 2, 3], [4, 5, 6]])
    seen = upright(stored, orientation).numpy()
    after = upright(stored, turned(orientation, rotation)).numpy()
    assert np.array_equal(after, np.rot90(seen, -rotation // 90))
    assert swaps_sides(turned(orientation, rotation)) == (swaps_sides(orientation) ^ (rotation in (90, 270)))


@given(ORIENTATIONS, ROTATIONS, ROTATIONS)
def test_turns_add_up(orientation: int, one: int, other: int) -> None:
    assert turned(turned(orientation, one), other) == turned(orientation, (one + other) % 360)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_every_rendition_of_a_turned_photograph_is_turned(orientation: int, rotation: int) -> None:
    data = jpeg(corners(400, 240), exif=exif(main={ORIENTATION: orientation}))
    before, after = _developed(data), _developed(data, rotation)
    quarters = -rotation // 90
    for old, new in zip(before.renditions, after.renditions, strict=True):
        assert _differ(np.rot90(pixels(old.data), quarters), pixels(new.data)) < 3
    sides = (before.width, before.height)
    assert (after.width, after.height) == (sides[::-1] if rotation in (90, 270) else sides)
    assert after.capture == before.capture


@pytest.mark.parametrize("write", [png, webp, avif, tiff, gif])
@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_all_pixels_of_what_is_no_jpeg_are_turned_and_kept(write: Callable[..., bytes], rotation: int) -> None:
    data = write(corners())
    full = next(r for r in _developed(data, rotation).renditions if r.size == FULL)
    with Image.open(io.BytesIO(data)) as picture:
        seen = np.asarray(picture.convert("RGB"))
    assert _differ(np.rot90(seen, -rotation // 90), pixels(full.data)) < 3


def test_a_turned_jpeg_needs_no_other_file_of_all_its_pixels() -> None:
    assert FULL not in {r.size for r in _developed(jpeg(corners()), 90).renditions}


def _little(orientation: int | None, *, links: bytes = b"") -> bytes:
    return _block("<", b"II*\0", orientation, links)


def _big(orientation: int | None, *, links: bytes = b"") -> bytes:
    return _block(">", b"MM\0*", orientation, links)


def _block(order: str, head: bytes, orientation: int | None, following: bytes) -> bytes:
    """Make and, if given, orientation, whose values lie behind the directory."""
    entries = [struct.pack(f"{order}HHII", 0x010F, 2, 6, 100)]
    if orientation is not None:
        entries.append(struct.pack(f"{order}HHIHH", ORIENTATION, 3, 1, orientation, 0))
    directory = struct.pack(f"{order}H", len(entries)) + b"".join(entries) + (following or bytes(4))
    return b"Exif\0\0" + (head + struct.pack(f"{order}I", 8) + directory).ljust(100, b"\0") + b"Canon\0"


def _bare() -> bytes:
    """A JPEG file with neither JFIF nor Exif."""
    data = jpeg(corners())
    assert data[2:4] == b"\xff\xe0"
    return data[:2] + data[4 + int.from_bytes(data[4:6], "big") :]


def _with(block: bytes, *, jfif: bool = False) -> bytes:
    data, place = (jpeg(corners()), 20) if jfif else (_bare(), 2)
    return data[:place] + b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block + data[place:]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("block", [_little, _big])
@pytest.mark.parametrize("jfif", [False, True])
def test_of_a_file_that_says_how_it_stands_that_alone_is_changed(
    orientation: int, block: Callable[[int], bytes], jfif: bool
) -> None:
    for before in range(1, 9):
        data = _with(block(before), jfif=jfif)
        after = reoriented(data, orientation)
        assert after == _with(block(orientation), jfif=jfif)
    _stands(after, orientation)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(("data", "place"), [(jpeg(corners()), 20), (_bare(), 2)], ids=["jfif", "bare"])
def test_a_file_without_exif_gets_a_segment_that_says_how_it_stands(orientation: int, data: bytes, place: int) -> None:
    after = reoriented(data, orientation)
    inserted = len(after) - len(data)
    assert inserted == 36
    assert after[:place] + after[place + inserted :] == data
    _stands(after, orientation)


@pytest.mark.parametrize("block", [_little, _big])
def test_an_exif_block_that_does_not_say_it_keeps_all_that_it_says(block: Callable[..., bytes]) -> None:
    before = _with(block(None, links=b"\0\0\0\0"))
    after = reoriented(before, 6)
    with Image.open(io.BytesIO(after)) as picture:
        tags = picture.getexif()
        assert (tags[0x010F], tags[ORIENTATION]) == ("Canon", 6)
    assert after.endswith(_bare()[2:])
    _stands(after, 6)


@pytest.mark.parametrize(
    "block",
    [
        b"Exif\0\0",
        b"Exif\0\0II*\0",
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + bytes(40),
        b"Exif\0\0II*\0\0\0\0\x7f" + bytes(40),
        b"Exif\0\0II*\0\x02\0\0\0" + bytes(40),
        b"Exif\0\0XX*\0\x08\0\0\0\x01\0" + bytes(40),
        _little(None)[:-6].ljust(65530, b"x"),
    ],
    ids=["empty", "short", "cut off", "far", "looping", "nonsense", "no room"],
)
def test_an_exif_block_that_cannot_say_it_gives_way(block: bytes) -> None:
    after = reoriented(_with(block), 8)
    assert after[2 + 36 :] == _bare()[2:]
    _stands(after, 8)


def test_every_exif_block_of_a_file_says_the_same() -> None:
    data = _with(_little(3))
    twice = data[:2] + b"\xff\xe1" + (len(_big(5)) + 2).to_bytes(2, "big") + _big(5) + data[2:]
    _stands(reoriented(twice, 7), 7)


def test_a_thumbnail_inside_the_exif_block_is_left_alone() -> None:
    inner = jpeg(texture(32, 32), exif=exif(main={ORIENTATION: 3}))
    data = _with(_little(1) + inner)
    assert reoriented(data, 6) == _with(_little(6) + inner)


@given(st.binary(max_size=200), ORIENTATIONS)
def test_whatever_an_exif_block_holds_the_file_says_how_it_stands(block: bytes, orientation: int) -> None:
    after = reoriented(_with(b"Exif\0\0" + block), orientation)
    assert after.endswith(_bare()[2:])
    developed = _developed(after)
    assert developed.capture.orientation == orientation


def _stands(data: bytes, orientation: int) -> None:
    """As libvips and Pillow show it, which look at Exif blocks by their own rules."""
    turned_by_vips = pyvips.Image.new_from_buffer(data, "").autorot().numpy()
    with Image.open(io.BytesIO(_bare())) as picture:
        expected = upright(pyvips.Image.new_from_array(np.asarray(picture)), orientation).numpy()
    with Image.open(io.BytesIO(data)) as picture:
        turned_by_pillow = np.asarray(ImageOps.exif_transpose(picture))
    assert _differ(turned_by_vips, expected) < 1
    assert np.array_equal(turned_by_pillow, expected)


def _developed(data: bytes, rotation: int = 0) -> Developed:
    outcome = develop(data, rotation=rotation)
    assert isinstance(outcome, Developed), outcome
    return outcome


def _differ(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    assert one.shape == other.shape
    return float(np.abs(one.astype(int) - other.astype(int)).mean())
