"""A ThumbHash is the one that its reference implementation makes, and is made of every photograph as it stands."""

import base64
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dermfolio.images.imaging.develop import develop
from dermfolio.images.imaging.results import Developed
from dermfolio.images.imaging.thumbhash import LARGEST, LENGTHS, thumbhash

from .samples import corners, developed, jpeg, patches, png

Colour = tuple[int, int, int]
Paint = Callable[[int, int, int, int], Colour]


def mixed(k: int) -> Paint:
    return lambda x, y, _w, _h: ((x * 37 + y * 11 * k) % 256, (x * y * 7 + k * 50) % 256, (x * x + y * y * k) % 256)


def skin(x: int, y: int, width: int, height: int) -> Colour:
    return 205 - 60 * x // width, 150 - 50 * y // height, 125 + 40 * x * y // (width * height)


def painted(width: int, height: int, paint: Paint) -> bytes:
    return bytes(part for y in range(height) for x in range(width) for part in paint(x, y, width, height))


@pytest.mark.req("POOL-8")
@pytest.mark.parametrize(
    ("width", "height", "paint", "made"),
    [
        # by rgbaToThumbHash of the npm package thumbhash 0.1.1
        (32, 24, mixed(1), "HggCDYIwUoYSM3YxczV3lu/u+qo4"),
        (24, 32, mixed(2), "HwgCDQIDdTGEOiEkUwMEde7uXwdW"),
        (32, 32, mixed(1), "HwgCDwIwMmURM4ciUwZDR4eFx93PbY8D"),
        (32, 21, skin, "pGgCFYaPiIidiIeIiIh4h39u9xeI"),
        (32, 5, mixed(2), "nfgFMYQQYpdzlEaHv4gmh/Q="),
        (7, 3, mixed(3), "GrwJI45geHh0eXh4QGQGhWQ="),
    ],
)
def test_a_thumbhash_is_the_one_of_the_reference(width: int, height: int, paint: Paint, made: str) -> None:
    assert thumbhash(width, height, painted(width, height, paint)) == made


@given(st.integers(1, 12), st.integers(1, 12), st.randoms(use_true_random=False))
def test_every_picture_has_one_of_a_known_length(width: int, height: int, chance) -> None:
    made = thumbhash(width, height, chance.randbytes(3 * width * height))
    assert len(base64.b64decode(made, validate=True)) in LENGTHS


@pytest.mark.parametrize("side", [1, 3, 8])
@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 0, 255), (1, 2, 3)])
def test_a_picture_of_one_colour_has_one_too(side: int, colour: Colour) -> None:
    assert len(base64.b64decode(thumbhash(side, side, bytes(colour) * side * side))) in LENGTHS


def test_it_takes_next_to_no_time() -> None:
    picture = painted(LARGEST, LARGEST, mixed(1))
    spent = []
    for _ in range(5):
        began = time.process_time()
        thumbhash(LARGEST, LARGEST, picture)
        spent.append(time.process_time() - began)
    assert min(spent) < 0.01


@pytest.mark.req("POOL-8")
def test_a_photograph_has_the_one_of_how_it_stands() -> None:
    upright = developed(jpeg(corners(600, 400)))
    turned = develop(jpeg(corners(600, 400)), rotation=90)
    already = developed(jpeg(corners(600, 400).transpose(Image.Transpose.ROTATE_270)))
    assert isinstance(turned, Developed)
    assert upright.thumbhash != turned.thumbhash
    assert turned.thumbhash == already.thumbhash


def test_a_photograph_in_grey_has_one_without_colour() -> None:
    made = base64.b64decode(developed(jpeg(corners(600, 400).convert("L"))).thumbhash)
    head = int.from_bytes(made[:3], "little")
    assert ((head >> 6) & 63, (head >> 12) & 63) == (32, 32)  # the middle, of 0 to 63


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (20, 20), (3000, 40)])
def test_photographs_of_every_shape_have_one(size: tuple[int, int]) -> None:
    made = developed(png(patches().resize(size))).thumbhash
    assert len(base64.b64decode(made, validate=True)) in LENGTHS
