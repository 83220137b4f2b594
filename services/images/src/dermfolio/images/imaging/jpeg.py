"""The structure of a JPEG file (ITU-T T.81, annex B), as far as decoders leave it unchecked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dermfolio.images.imaging.results import Reason

_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""In entropy-coded data FF is followed by 00 (stuffing), D0 to D7 (restart) or FF (fill): all else is a marker."""

_SOS, _EOI = 0xDA, 0xD9
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})

_DAMAGE = re.compile(r"bad Huffman code|premature end|found marker 0x\w+ instead of RST")
"""Warnings of libjpeg after which it paints over what it could not read (jerror.h)."""


def fault(data: bytes, _frames: int) -> Reason | None:
    """What the structure says against a file: its markers must lead to its own end of image.

    Segments are skipped by their lengths, so that the end of an embedded thumbnail does not count, nor what cameras
    append behind the picture: the first picture is the one that is read. One pass.
    """
    at = 2
    while (found := _NEXT_MARKER.search(data, at)) is not None:
        at, marker = found.end(), data[found.end() - 1]
        if marker == _EOI:
            return None
        if marker not in _WITHOUT_LENGTH:
            at += max(2, int.from_bytes(data[at : at + 2], "big"))
    return Reason.TRUNCATED


@dataclass(frozen=True, slots=True)
class Segment:
    """A marker before the first scan, with the data behind it: `start` is where its FF stands, `end` what follows."""

    marker: int
    start: int
    payload: bytes
    end: int


def segments(data: bytes) -> Iterator[Segment]:
    """The segments before the first scan of a file without fault, that of its start left out."""
    at = 2
    while (found := _NEXT_MARKER.search(data, at)) is not None:
        at, marker = found.end(), data[found.end() - 1]
        if marker in {_SOS, _EOI}:
            return
        if marker not in _WITHOUT_LENGTH:
            end = at + max(2, int.from_bytes(data[at : at + 2], "big"))
            yield Segment(marker, found.start(), data[at + 2 : end], end)
            at = end


def is_damage(message: str) -> bool:
    """Whether libjpeg tells of lost pixels; its other warnings come with pictures that every viewer shows whole."""
    return _DAMAGE.search(message) is not None
