"""The structure of a WebP file (RFC 9649, section 2)."""

from dermfolio.images.imaging.results import Reason

_FRAME = b"ANMF"

_SILENCE = 4096
"""So many zeros at its end are what a broken copy leaves. Decoders take them for a picture; encoders hardly ever write
three in a row, even for 80 megapixels of one colour."""


def fault(data: bytes, frames: int) -> Reason | None:
    """What the structure says against a file: its chunks must fill it, with at most so many frames among them."""
    end = 8 + _number(data, 4)
    if end > len(data) or (end > _SILENCE and not any(data[end - _SILENCE : end])):
        return Reason.TRUNCATED
    at, found = 12, 0
    while at + 8 <= end:
        found += data[at : at + 4] == _FRAME
        if found > frames:
            return Reason.TOO_MANY_FRAMES
        at += 8 + _number(data, at + 4)
        if at > end:
            return Reason.CORRUPT
        at += at % 2
    return None


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")
