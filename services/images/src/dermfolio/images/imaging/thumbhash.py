"""What stands for a photograph until it is loaded: a ThumbHash of some twenty bytes, which browsers draw blurred.

After Evan Wallace, ThumbHash (https://evanw.github.io/thumbhash), for pictures without transparency: the lowest
frequencies of a cosine transform of lightness and of two differences of colours, in four bits each.
"""

import base64
import math
from collections.abc import Sequence
from operator import mul

LARGEST = 32
"""Pixels of the long edge that it is made of: those of more hardly differ, and take time for each pixel."""

LENGTHS = range(17, 25)
"""How many bytes it may have, by the shape of the picture."""

_FREQUENCIES = 7
"""Of lightness along the long edge; along the other by its length, and of the differences along both: at least
_FEWEST."""

_FEWEST = 3


class _Channel:
    """A cosine transform, as its mean, its greatest amplitude, and every amplitude between 0 and 1."""

    def __init__(self, rows: Sequence[Sequence[float]], across: int, down: int) -> None:
        width, height = len(rows[0]), len(rows)
        waves = [_wave(frequency, width) for frequency in range(across)]
        by_row = [[sum(map(mul, row, wave)) for row in rows] for wave in waves]
        amplitudes = [
            sum(map(mul, by_row[x], _wave(y, height))) / (width * height)
            for y in range(down)
            for x in range(across)
            if x * down < across * (down - y)
        ]
        self.mean, *others = amplitudes
        self.scale = max(map(abs, others))
        self.amplitudes = [0.5 + 0.5 * f / self.scale for f in others] if self.scale else others


def thumbhash(width: int, height: int, rgb: bytes) -> str:
    """The ThumbHash of a picture in base64; `rgb` are three bytes for each of its pixels, row by row."""
    lightness, yellow_blue, red_green = (
        [values[start : start + width] for start in range(0, width * height, width)] for values in _opponents(rgb)
    )
    across, down = (max(1, _rounded(_FREQUENCIES * side / max(width, height))) for side in (width, height))
    light = _Channel(lightness, max(_FEWEST, across), max(_FEWEST, down))
    colours = [_Channel(rows, _FEWEST, _FEWEST) for rows in (yellow_blue, red_green)]
    is_landscape = width > height
    head = _packed(
        (_rounded(63 * light.mean), 6),
        *((_rounded(31.5 + 31.5 * colour.mean), 6) for colour in colours),
        (_rounded(31 * light.scale), 5),
        (0, 1),  # no transparency
        (down if is_landscape else across, 3),
        *((_rounded(63 * colour.scale), 6) for colour in colours),
        (int(is_landscape), 1),
    )
    waves = _packed(*((_rounded(15 * f), 4) for channel in (light, *colours) for f in channel.amplitudes))
    return base64.b64encode(head + waves).decode()


def _opponents(rgb: bytes) -> tuple[list[float], list[float], list[float]]:
    """Lightness, yellow against blue, and red against green."""
    pixels = [(r / 255, g / 255, b / 255) for r, g, b in zip(rgb[0::3], rgb[1::3], rgb[2::3], strict=True)]
    return (
        [(r + g + b) / 3 for r, g, b in pixels],
        [(r + g) / 2 - b for r, g, b in pixels],
        [r - g for r, g, _ in pixels],
    )


def _wave(frequency: int, length: int) -> list[float]:
    return [math.cos(math.pi / length * frequency * (x + 0.5)) for x in range(length)]


def _packed(*numbers: tuple[int, int]) -> bytes:
    """Numbers of so many bits each, the lowest bits first."""
    packed, at = 0, 0
    for number, bits in numbers:
        packed |= number << at
        at += bits
    return packed.to_bytes((at + 7) // 8, "little")


def _rounded(number: float) -> int:
    """As JavaScript rounds: halves upwards."""
    return math.floor(number + 0.5)
