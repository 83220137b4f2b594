"""Of many frames or pages the first is the photograph; too many are refused, and a chain without end ends."""

import struct
import time
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from dermfolio.images.imaging import Limits, Reason

from .samples import avif, developed, gif, pixels, png, refused, tiff, webp
from .tiff_files import STRIP_LENGTHS, STRIP_PLACES, directory, tiff_file

SKIN, OTHER = (200, 140, 110), (20, 40, 160)
CAP = Limits().frames


@pytest.mark.parametrize("write", [png, webp, avif, tiff, gif])
def test_the_first_frame_is_the_photograph(write) -> None:
    frames = [Image.new("RGB", (60, 40), colour) for colour in (SKIN, OTHER, OTHER)]
    photograph = developed(write(frames[0], save_all=True, append_images=frames[1:]))
    assert (photograph.width, photograph.height) == (60, 40)
    shown = pixels(photograph.renditions[0].data).reshape(-1, 3).mean(axis=0)
    assert np.abs(shown - SKIN).max() < 4


def gif_of(count: int) -> bytes:
    data = gif(Image.new("P", (8, 8), 3))
    start = data.index(b"\x2c\0\0\0\0")
    return data[:start] + data[start:-1] * count + b";"


def webp_of(count: int) -> bytes:
    data = webp(Image.new("RGB", (16, 16), SKIN), save_all=True, append_images=[Image.new("RGB", (16, 16), OTHER)])
    start = data.index(b"ANMF")
    end = start + 8 + int.from_bytes(data[start + 4 : start + 8], "little")
    body = data[8:start] + data[start:end] * count
    return b"RIFF" + struct.pack("<I", len(body)) + body


def tiff_of(count: int) -> bytes:
    return tiff_file(8, 8, bytes(8 * 8 * 3), pages=count)


@pytest.mark.parametrize("made", [gif_of, webp_of, tiff_of])
def test_frames_are_counted_before_any_is_decoded(made: Callable[[int], bytes]) -> None:
    developed(made(1))
    developed(made(CAP))
    assert refused(made(CAP + 1)) is Reason.TOO_MANY_FRAMES


@pytest.mark.parametrize("made", [gif_of, webp_of, tiff_of])
def test_thousands_of_frames_cost_nothing(made: Callable[[int], bytes]) -> None:
    many = made(20_000)
    began = time.process_time()
    assert refused(many) is Reason.TOO_MANY_FRAMES
    assert time.process_time() - began < 1


def test_a_chain_of_directories_that_leads_back_ends() -> None:
    rows = bytes(8 * 8 * 3)
    first = len(tiff_file(8, 8, rows)) - len(directory({}, 0, 0))
    sound = tiff_file(8, 8, rows, pages=3)
    begin = int.from_bytes(sound[4:8], "little")
    for place in (begin, begin + (len(sound) - begin) // 3):  # to the first, and to the second page
        assert refused(tiff_file(8, 8, rows, pages=3, last_link=place)) is Reason.CORRUPT
    assert refused(tiff_file(8, 8, rows, last_link=first * 10)) is Reason.TRUNCATED
    assert refused(b"II*\0\x08\0\0\0" + struct.pack("<HI", 0, 8)) is Reason.CORRUPT
    assert refused(b"II*\0\0\0\0\0" + rows) is Reason.CORRUPT


def test_sub_directories_that_lead_back_are_not_followed() -> None:
    rows = bytes([*SKIN] * 64)
    begin = int.from_bytes(tiff_file(8, 8, rows)[4:8], "little")
    for tag in (330, 34665, 34853, 40965):  # SubIFDs, Exif, GPS, interoperability
        developed(tiff_file(8, 8, rows, more={tag: (4, [begin])}))


def test_pages_that_all_claim_the_same_endless_list_of_strips_are_refused_at_once() -> None:
    rows = bytes(8 * 8 * 3)
    count = 2_000_000
    table = struct.pack("<I", 8) * count
    held = {tag: (4, struct.pack("<I", 8)) for tag in (STRIP_PLACES, STRIP_LENGTHS)}
    data = bytearray(tiff_file(8, 8, rows, table, more=held, pages=CAP))
    for tag in held:
        inline, far = struct.pack("<HHII", tag, 4, 4, 8), struct.pack("<HHII", tag, 4, count, 8 + len(rows))
        assert data.count(inline) == CAP
        data = data.replace(inline, far)
    began = time.process_time()
    assert refused(bytes(data)) is Reason.CORRUPT
    assert time.process_time() - began < 10


def test_an_animation_hides_no_broken_frame() -> None:
    whole = gif_of(3)
    assert refused(whole[:-1]) is Reason.TRUNCATED
    assert refused(whole[:-20]) is Reason.TRUNCATED
