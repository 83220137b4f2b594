"""A JPEG file that stands another way: the same bytes but for what its Exif block says of the orientation.

Its pixels are neither decoded nor encoded again. Whatever looks at the orientation finds the same one, be it in the
first or in the last Exif block of a file that has several: each is made to say it.
"""

import struct

from dermfolio.images.imaging import jpeg

_APP0, _APP1 = 0xE0, 0xE1
_PREFIX = b"Exif\0\0"
_PAYLOAD_AT_MOST = 0xFFFF - 2
_ORIENTATION, _SHORT = 0x0112, 3
_ENTRY = 12
_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}


def reoriented(data: bytes, orientation: int) -> bytes:
    """A JPEG file without fault whose Exif orientation is this one."""
    segments = list(jpeg.segments(data))
    blocks = [s for s in segments if s.marker == _APP1 and s.payload.startswith(_PREFIX)]
    if not blocks:
        place = segments[0].end if segments and segments[0].marker == _APP0 else 2
        return data[:place] + _segment(_minimal(orientation)) + data[place:]
    parts, at = [], 0
    for block in blocks:
        parts += [data[at : block.start], _segment(_said(block.payload.removeprefix(_PREFIX), orientation))]
        at = block.end
    return b"".join([*parts, data[at:]])


def _segment(block: bytes) -> bytes:
    payload = _PREFIX + block
    return bytes([0xFF, _APP1]) + (len(payload) + 2).to_bytes(2, "big") + payload


def _said(block: bytes, orientation: int) -> bytes:
    """An Exif block that says the orientation: changed in place, or else in a main directory behind all that is there.
    One that cannot be read, or has no room, gives way to one that says nothing else.
    """
    order = _ORDERS.get(block[:4])
    first = int.from_bytes(block[4:8], "little" if order == "<" else "big")
    entries, following = _directory(block, order, first) if order is not None and first >= 8 else (None, b"")
    if order is None or entries is None:
        return _minimal(orientation)
    tag = struct.pack(f"{order}H", _ORIENTATION)
    said = _entry(order, orientation)
    for number, entry in enumerate(entries):
        if entry.startswith(tag):
            place = first + 2 + _ENTRY * number
            return block[:place] + said + block[place + _ENTRY :]
    all_entries = sorted([*entries, said], key=lambda entry: struct.unpack(f"{order}H", entry[:2]))
    start = len(block) + len(block) % 2
    moved = block[:4] + struct.pack(f"{order}I", start) + block[8:].ljust(start - 8, b"\0")
    grown = moved + struct.pack(f"{order}H", len(all_entries)) + b"".join(all_entries) + following
    return grown if len(_PREFIX) + len(grown) <= _PAYLOAD_AT_MOST else _minimal(orientation)


def _directory(block: bytes, order: str, first: int) -> tuple[list[bytes] | None, bytes]:
    """The entries of the main directory, and its link to the next one; None where it is cut off."""
    if len(block) < first + 2:
        return None, b""
    (count,) = struct.unpack_from(f"{order}H", block, first)
    end = first + 2 + _ENTRY * count
    following = block[end : end + 4]
    if len(block) < end:
        return None, b""
    entries = [block[at : at + _ENTRY] for at in range(first + 2, end, _ENTRY)]
    return entries, following if len(following) == len(b"link") else bytes(4)


def _minimal(orientation: int) -> bytes:
    return b"MM\0*" + struct.pack(">IH", 8, 1) + _entry(">", orientation) + bytes(4)


def _entry(order: str, orientation: int) -> bytes:
    return struct.pack(f"{order}HHIHH", _ORIENTATION, _SHORT, 1, orientation, 0)
