"""TIFF: every kind of sample becomes the colours that it stands for."""

import struct

import numpy as np
import pytest
import pyvips
from PIL import ImageCms

from dermfolio.images.imaging import Reason
from dermfolio.images.imaging.directories import Directories

from .colour_science import delta_e, from_lab, from_p3
from .samples import SKIN, developed, middles, patches, pixels, refused, tiff
from .tiff_files import (
    COMPRESSION,
    EXTRA_SAMPLES,
    FLOAT,
    KIND_OF_PICTURE,
    PHOTOMETRIC,
    PLANES,
    ROWS_PER_STRIP,
    SIGNED,
    tiff_file,
)

SIDE = 32
SEEN = (200, 100, 50)


def packed(code: str, *samples: float, order: str = "<") -> bytes:
    return struct.pack(f"{order}{len(samples)}{code}", *samples) * SIDE * SIDE


def shown(data: bytes) -> np.ndarray:
    """The colour of the middle, as the largest rendition shows it."""
    picture = pixels(developed(data).renditions[0].data)
    return picture[8:-8, 8:-8].reshape(-1, 3).mean(axis=0)


def square(data: bytes, **options: object) -> bytes:
    return tiff_file(SIDE, SIDE, data, **options)


DEEP = {
    "16 bits": square(packed("H", *(v * 257 for v in SEEN)), bits=16),
    "16 bits, big-endian": square(packed("H", *(v * 257 for v in SEEN), order=">"), bits=16, order=">"),
    "32 bits": square(packed("I", *(v * 16843009 for v in SEEN)), bits=32),
    "32 bits that hold 16": square(packed("I", *(v * 257 for v in (*SEEN[:2], 255))), bits=32),
    "16 bits with a sign": square(packed("h", *(round(v / 255 * 32767) for v in SEEN)), bits=16, kind=SIGNED),
    "floats to 255": square(packed("f", *map(float, SEEN)), bits=32, kind=FLOAT),
    "floats to 65535": square(packed("f", *(v * 257.0 for v in (*SEEN[:2], 255))), bits=32, kind=FLOAT),
    "planes": tiff_file(
        SIDE, SIDE, *(packed("B", v) for v in SEEN), more={PLANES: (3, [2]), ROWS_PER_STRIP: (4, [SIDE])}
    ),
}


@pytest.mark.parametrize("what", DEEP)
def test_samples_of_every_depth_are_shown_as_what_they_stand_for(what) -> None:
    expected = (*SEEN[:2], 255) if "hold 16" in what or "65535" in what else SEEN
    assert np.abs(shown(DEEP[what]) - expected).max() < 3


LIGHT = (0.5776, 0.1274, 0.0319)
"""SEEN as linear light (IEC 61966-2-1)."""


@pytest.mark.parametrize(("code", "bits"), [("f", 32), ("e", 16)])
def test_floats_to_one_are_light(code, bits) -> None:
    assert np.abs(shown(square(packed(code, *LIGHT), bits=bits, kind=FLOAT)) - SEEN).max() < 3


def test_grey_floats_to_one_are_light_too() -> None:
    assert np.abs(shown(square(packed("f", 0.2159), bits=32, samples=1, kind=FLOAT, photometric=1)) - 128).max() < 3


def test_inks_as_floats_are_inks() -> None:
    data = square(packed("f", 0, 1, 1, 0), bits=32, samples=4, kind=FLOAT, photometric=5)
    assert np.abs(shown(data) - (237, 28, 36)).max() < 40


def test_floats_that_are_no_numbers_are_black_and_spread_nowhere() -> None:
    picture = np.tile(np.array(LIGHT, np.float32), (SIDE, SIDE, 1))
    picture[:4, :4] = [np.nan, np.inf, -np.inf]
    seen = pixels(developed(square(picture.tobytes(), bits=32, kind=FLOAT)).renditions[0].data)
    assert np.abs(seen[12:, 12:].reshape(-1, 3).mean(axis=0) - SEEN).max() < 3


def test_floats_with_a_profile_are_what_the_profile_says() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    encoded = packed("f", *(v / 255 for v in SEEN))
    data = square(encoded, bits=32, kind=FLOAT, more={34675: (7, profile)})
    assert np.abs(shown(data) - SEEN).max() < 3


@pytest.mark.parametrize(("code", "bits", "black"), [("B", 8, 20), ("H", 16, 20 * 257)])
def test_white_may_be_zero(code, bits, black) -> None:
    data = square(packed(code, black), bits=bits, samples=1, photometric=0)
    assert np.abs(shown(data) - 235).max() < 3


def test_one_bit_is_black_or_white_whichever_is_zero() -> None:
    for photometric, zeros in ((0, 255), (1, 0)):
        for byte, expected in ((b"\0", zeros), (b"\xff", 255 - zeros)):
            data = square(byte * (SIDE * SIDE // 8), bits=1, samples=1, photometric=photometric)
            assert np.abs(shown(data) - expected).max() < 3


@pytest.mark.parametrize("bits", [2, 4])
def test_few_bits_are_stretched(bits) -> None:
    data = square(b"\xff" * (SIDE * SIDE * bits // 8), bits=bits, samples=1, photometric=1)
    assert shown(data).min() > 252


@pytest.mark.parametrize(("kind", "expected"), [(1, (227, 177, 152)), (2, (227, 177, 152)), (0, SEEN), (None, SEEN)])
def test_only_what_is_called_alpha_is_transparent(kind, expected) -> None:
    colours = tuple(v * 128 // 255 for v in SEEN) if kind == 1 else SEEN
    more = {} if kind is None else {EXTRA_SAMPLES: (3, [kind])}
    assert np.abs(shown(square(packed("B", *colours, 128), samples=4, more=more)) - expected).max() < 4


def test_further_channels_are_left_alone() -> None:
    data = square(packed("B", *SEEN, 128, 7), samples=5, more={EXTRA_SAMPLES: (3, [2, 0])})
    assert np.abs(shown(data) - (227, 177, 152)).max() < 4
    data = square(packed("B", 150, 128, 9), samples=3, photometric=1, more={EXTRA_SAMPLES: (3, [2, 0])})
    assert np.abs(shown(data) - 202).max() < 4


@pytest.mark.parametrize(("bits", "code", "scale"), [(8, "B", 1), (16, "H", 257)])
def test_inks_are_shown_as_printed(bits, code, scale) -> None:
    red = square(packed(code, 0, 255 * scale, 255 * scale, 0), bits=bits, samples=4, photometric=5)
    assert np.abs(shown(red) - (237, 28, 36)).max() < 40
    paper = packed(code, 0, 255 * scale, 255 * scale, 0, 0)
    seen_through = square(paper, bits=bits, samples=5, photometric=5, more={EXTRA_SAMPLES: (3, [2])})
    assert shown(seen_through).min() > 245


@pytest.mark.parametrize("lab", [(60, 20, 30), (40, -10, 15), (75, 8, -12), (90, 0, 0)])
def test_lab_is_shown_in_its_colours(lab) -> None:
    lightness, red, yellow = lab
    expected = from_lab(np.array([lab], float))
    eight = packed("B", round(lightness * 2.55), red % 256, yellow % 256)
    sixteen = packed("H", round(lightness * 655.35), red * 256 % 65536, yellow * 256 % 65536)
    for data in (square(eight, photometric=8), square(sixteen, bits=16, photometric=8)):
        assert delta_e(shown(data)[None], expected).max() < 2


def test_a_palette_shows_its_colours() -> None:
    assert delta_e(middles(tiff(patches().quantize(16))), np.array(SKIN, float)).mean() < 1


def test_a_profile_counts_in_tiff_too() -> None:
    profile = bytes(pyvips.Operation.call("profile_load", "p3"))
    assert delta_e(middles(tiff(patches(), icc_profile=profile)), from_p3(np.array(SKIN, float))).mean() < 1


def test_what_is_no_picture_for_people_is_of_an_unsupported_type() -> None:
    small = {KIND_OF_PICTURE: (4, [1])}
    raws = {
        "small version of another": square(packed("B", *SEEN), more=small),
        "dng": square(packed("B", *SEEN), more={50706: (1, bytes([1, 4, 0, 0]))}),
        "colour filter array": square(packed("H", 100), bits=16, samples=1, photometric=32803),
        "colours that nobody names": square(packed("B", 1, 2, 3), photometric=9),
        "negative of floats": square(packed("f", 0.1), bits=32, samples=1, kind=FLOAT, photometric=0),
    }
    for what, data in raws.items():
        assert refused(data) is Reason.UNSUPPORTED_TYPE, what


def test_what_cannot_be_decoded_is_corrupt() -> None:
    for more in ({COMPRESSION: (3, [50000])}, {COMPRESSION: (3, [0])}, {PHOTOMETRIC: None}, {277: (3, [0])}):
        assert refused(square(packed("B", *SEEN), more=more)) is Reason.CORRUPT
    assert refused(square(packed("d", 0.5, 0.5, 0.5), bits=64, kind=FLOAT)) is Reason.CORRUPT


def test_tags_that_libraries_grumble_about_are_no_damage() -> None:
    data = packed("B", *SEEN)
    for more in ({305: (2, b"no end")}, {65000: (2, b"own\0")}, {34665: (4, [2**31])}, {33723: (4, b"\1\2\3\4")}):
        assert np.abs(shown(square(data, more=more)) - SEEN).max() < 3
    unsorted = bytearray(square(data))
    first = int.from_bytes(unsorted[4:8], "little") + 2
    unsorted[first : first + 24] = unsorted[first + 12 : first + 24] + unsorted[first : first + 12]
    assert np.abs(shown(bytes(unsorted)) - SEEN).max() < 3


def test_tiles_of_any_size_cost_no_more_than_the_picture() -> None:
    tiles = {322: (4, [60_000]), 323: (4, [60_000]), 324: (4, [8]), 325: (4, [100]), 273: None, 279: None, 278: None}
    assert refused(square(packed("B", *SEEN), more=tiles)) in {Reason.TOO_MANY_BYTES_DECODED, Reason.CORRUPT}


def test_directories_are_read_in_both_orders_and_widths() -> None:
    for order in "<>":
        for big in (False, True):
            tags = Directories.opened(tiff_file(3, 2, bytes(18), order=order, big=big, pages=2))
            assert tags is not None
            page = tags.directory(tags.first)
            assert (tags.number(page, 256), tags.number(page, 257), list(tags.numbers(page, 258) or [])) == (
                3,
                2,
                [8] * 3,
            )
            second = tags.following(tags.first)
            assert second
            assert tags.following(second) == 0
    assert Directories.opened(b"II+\0\x04\0\0\0" + bytes(100)) is None
