"""Colour profiles that libvips does not bring along, written out (ICC.1:2001-04)."""

import struct
from functools import cache

_ADOBE_RGB = {
    b"wtpt": (0.95045, 1.0, 1.08905),
    b"rXYZ": (0.60974, 0.31111, 0.01947),
    b"gXYZ": (0.20528, 0.62567, 0.06087),
    b"bXYZ": (0.14919, 0.06322, 0.74457),
}
"""Adobe RGB (1998) Color Image Encoding, annex A: white point, and primaries adapted to D50."""

_ADOBE_GAMMA = 563 / 256

_D50 = (0.9642, 1.0, 0.8249)


@cache
def adobe_rgb() -> bytes:
    """A profile of the Adobe RGB (1998) colour space."""
    curve = struct.pack(">4sxxxxIH", b"curv", 1, round(_ADOBE_GAMMA * 256))
    name = b"Adobe RGB (1998) compatible\0"
    tags = {
        b"desc": struct.pack(">4sxxxxI", b"desc", len(name)) + name + bytes(78),
        b"cprt": b"text\0\0\0\0No copyright, use freely\0",
        **{tag: struct.pack(">4sxxxx", b"XYZ ") + _xyz(value) for tag, value in _ADOBE_RGB.items()},
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for tag, data in tags.items():
        table += struct.pack(">4sII", tag, start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    # size, version 2.1, display device, RGB to XYZ; then date, signature, and the illuminant of the connection space
    head = struct.pack(">I4xI4s4s4s", start + len(body), 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + bytes(28) + _xyz(_D50)
    return head.ljust(128, b"\0") + table + body


def _xyz(value: tuple[float, float, float]) -> bytes:
    """Three s15Fixed16Numbers."""
    return struct.pack(">3i", *(round(part * 65536) for part in value))
