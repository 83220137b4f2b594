"""The structure of a GIF file (GIF89a specification)."""

from collections.abc import Iterator

from dermfolio.images.imaging.results import Reason

_SCREEN_FLAGS, _AFTER_SCREEN = 10, 13
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_GRAPHIC_CONTROL = b"\xf9\x04"
"""Its label, and the length of its data."""

_DESCRIPTOR = 10
"""Bytes of an image before its colour table; the last are flags."""

Frame = tuple[int, int, int, int]
"""Left, top, width, height."""


def fault(data: bytes, frames: int) -> Reason | None:
    """What the structure says against a file: it must lead to its trailer, past at most so many frames."""
    found = 0
    for kind, _ in _blocks(data):
        found += kind == _IMAGE
        if found > frames:
            return Reason.TOO_MANY_FRAMES
        if kind == _TRAILER and found:
            return None
        if kind not in {_IMAGE, _EXTENSION}:
            return Reason.CORRUPT
    return Reason.TRUNCATED


def bleached(data: bytes) -> tuple[bytes, Frame]:
    """A sound file with every colour of its first frame white and opaque, and where the frame lies.

    Decoders leave what the data of a frame does not reach as it was, and say nothing. Here it shows: it is not white.
    """
    white = bytearray(data)
    _bleach(white, _SCREEN_FLAGS, _AFTER_SCREEN)
    for kind, at in _blocks(data):
        if kind == _IMAGE:
            break
        if data[at + 1 : at + 3] == _GRAPHIC_CONTROL:
            white[at + 3] &= 0xFE  # no colour is transparent
    _bleach(white, at + _DESCRIPTOR - 1, at + _DESCRIPTOR)
    left, top, width, height = (int.from_bytes(data[at + n : at + n + 2], "little") for n in (1, 3, 5, 7))
    return bytes(white), (left, top, width, height)


def _blocks(data: bytes) -> Iterator[tuple[int, int]]:
    """What each block is and where it begins, up to the trailer, to what is no block, or to the end of the data."""
    at = _past_table(data, _SCREEN_FLAGS, _AFTER_SCREEN)
    while at < len(data):
        kind = data[at]
        yield kind, at
        if kind == _EXTENSION:
            at = _past_chain(data, at + 2)
        elif kind == _IMAGE:
            at = _past_chain(data, _past_table(data, at + _DESCRIPTOR - 1, at + _DESCRIPTOR) + 1)
        else:
            return


def _past_table(data: bytes | bytearray, flags: int, start: int) -> int:
    """Where the colour table at `start` ends, of whose presence and size the byte at `flags` tells."""
    packed = data[flags] if flags < len(data) else 0
    return start + 3 * 2 ** ((packed & 7) + 1) if packed & 0x80 else start


def _past_chain(data: bytes, at: int) -> int:
    """Where a chain of data ends, whose links have their length before them, the last one empty."""
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1


def _bleach(data: bytearray, flags: int, start: int) -> None:
    end = _past_table(data, flags, start)
    data[start:end] = b"\xff" * (end - start)
