"""The structure of an AVIF file (ISO/IEC 14496-12 and 23008-12; AV1 Image File Format)."""

from collections.abc import Iterator

from dermfolio.images.imaging.brands import AVIF, brands
from dermfolio.images.imaging.results import Reason
from dermfolio.images.imaging.source import Source

_DISPLAY_P3 = (12).to_bytes(2, "big")
"""Colour primaries of SMPTE EG 432-1 (ITU-T H.273, table 2)."""

Box = tuple[bytes, int, int]
"""Its type, and where what it holds begins and ends."""


def begins(data: bytes) -> bool:
    """Whether the first box says that this is AVIF; that of HEIC is alike but for the brands."""
    return not AVIF.isdisjoint(brands(data))


def fault(data: bytes, _frames: int) -> Reason | None:
    """What the structure says against a file: what describes the picture and what holds it must be there whole.

    Of a sequence only the still picture is read, however long it is.
    """
    missing = {b"meta", b"mdat"}
    for kind, _, end in _boxes(data, 0, len(data)):
        if end <= len(data):
            missing.discard(kind)
    return Reason.TRUNCATED if missing else None


def source(data: bytes) -> Source:
    """A sound file, with what libvips does not tell of it."""
    return Source(data, is_display_p3=_is_display_p3(data), is_upright=True)


def _is_display_p3(data: bytes) -> bool:
    """Whether the pixels are said to be Display P3 without a profile."""
    meta = _within(data, [(b"", 0, len(data))], b"meta")
    properties = _within(data, [(kind, start + 4, end) for kind, start, end in meta], b"iprp")
    colours = _within(data, _within(data, properties, b"ipco"), b"colr")
    kinds = {data[start : start + 4]: data[start + 4 : start + 6] for _, start, _ in reversed(colours)}
    return kinds.get(b"nclx") == _DISPLAY_P3 and not kinds.keys() & {b"prof", b"rICC"}


def _within(data: bytes, parents: list[Box], kind: bytes) -> list[Box]:
    return [box for _, start, end in parents for box in _boxes(data, start, end) if box[0] == kind]


def _boxes(data: bytes, at: int, end: int) -> Iterator[Box]:
    """Boxes from one place to another, up to one whose size is impossible; the last may end beyond the data."""
    while at + 8 <= min(end, len(data)):
        size, head = int.from_bytes(data[at : at + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = end - at  # the last one, up to the end
        if size < head:
            return
        yield data[at + 4 : at + 8], at + head, at + size
        at += size
