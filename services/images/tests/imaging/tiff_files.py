"""TIFF files by hand, also such as no library writes (TIFF 6.0, section 2; BigTIFF)."""

import struct
from collections.abc import Mapping, Sequence

Value = tuple[int, Sequence[int] | bytes]
"""Type, and numbers or the bytes themselves."""

_CODES = {1: "B", 3: "H", 4: "I", 16: "Q"}

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
STRIP_PLACES, SAMPLES, ROWS_PER_STRIP, STRIP_LENGTHS, PLANES = 273, 277, 278, 279, 284
EXTRA_SAMPLES, SAMPLE_FORMAT, KIND_OF_PICTURE, ORIENTATION = 338, 339, 254, 274
UNSIGNED, SIGNED, FLOAT = 1, 2, 3


def tiff_file(
    width: int,
    height: int,
    *strips: bytes,
    bits: int = 8,
    samples: int = 3,
    kind: int = UNSIGNED,
    photometric: int = 2,
    more: Mapping[int, Value | None] | None = None,
    order: str = "<",
    big: bool = False,
    pages: int = 1,
    last_link: int = 0,
) -> bytes:
    """A file of equal pages. `more` adds, replaces or (None) leaves out tags; `last_link` is where the chain leads."""
    head = 16 if big else 8
    body = bytearray(head)
    places = []
    for strip in strips:
        places.append(len(body))
        body += strip + bytes(len(strip) % 2)
    tags: dict[int, Value | None] = {
        WIDTH: (4, [width]),
        HEIGHT: (4, [height]),
        BITS: (3, [bits] * samples),
        COMPRESSION: (3, [1]),
        PHOTOMETRIC: (3, [photometric]),
        STRIP_PLACES: (4, places),
        SAMPLES: (3, [samples]),
        ROWS_PER_STRIP: (4, [-(-height // max(1, len(strips)))]),
        STRIP_LENGTHS: (4, [len(strip) for strip in strips]),
        SAMPLE_FORMAT: (3, [kind] * samples),
        **(more or {}),
    }
    first = len(body)
    for page in range(pages):
        following = last_link
        if page + 1 < pages:
            following = len(body) + len(directory(tags, len(body), 0, order=order, big=big))
        body += directory(tags, len(body), following, order=order, big=big)
    magic = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}H", 43 if big else 42)
    body[:head] = magic + struct.pack(*(f"{order}HHQ", 8, 0, first) if big else (f"{order}I", first))
    return bytes(body)


def directory(
    tags: Mapping[int, Value | None], place: int, following: int, *, order: str = "<", big: bool = False
) -> bytes:
    """A directory that stands at a place, with the values behind it that do not fit into it."""
    kept = sorted((tag, value) for tag, value in tags.items() if value is not None)
    counting, link, room = ("Q", "Q", 8) if big else ("H", "I", 4)
    written = struct.pack(order + counting, len(kept))
    behind = place + len(written) + len(kept) * (20 if big else 12) + room
    values = b""
    for tag, (kind, value) in kept:
        raw = value if isinstance(value, bytes) else struct.pack(f"{order}{len(value)}{_CODES[kind]}", *value)
        held = raw.ljust(room, b"\0") if len(raw) <= room else struct.pack(order + link, behind + len(values))
        written += struct.pack(f"{order}HH{link}", tag, kind, len(value)) + held
        values += raw + bytes(len(raw) % 2) if len(raw) > room else b""
    return written + struct.pack(order + link, following) + values
