"""The few Exif tags that matter here, read without trust (Exif 2.32; the structure is that of TIFF 6.0).

No link is followed but the two from the main directory to its sub-directories, so that a loop of directories cannot
catch the reader; every offset is checked by slicing.
"""

import struct
from dataclasses import dataclass

_MAKE, _MODEL, _ORIENTATION, _EXIF_DIRECTORY = 0x010F, 0x0110, 0x0112, 0x8769
_TAKEN, _DIGITIZED, _INTEROPERABILITY_DIRECTORY = 0x9003, 0x9004, 0xA005
_INTEROPERABILITY_INDEX = 0x0001

_ASCII, _SHORT, _LONG = 2, 3, 4
_ENTRIES_AT_MOST = 512
_TEXT_AT_MOST = 1024

Directory = dict[int, tuple[int, int, bytes]]
"""Tag -> type, count, and the four bytes that hold the value or its offset."""


@dataclass(frozen=True, slots=True)
class Exif:
    """Tags as they stand in the file; None or 1 where absent or of the wrong kind."""

    make: str | None = None
    model: str | None = None
    taken: str | None = None
    """DateTimeOriginal, else DateTimeDigitized."""
    orientation: int = 1
    interoperability: str | None = None
    """`R03` says that the pixels are Adobe RGB (DCF 2.0), which cameras write without embedding a profile."""


def read(block: bytes) -> Exif:
    """Read an Exif block, with or without the prefix that JPEG puts before it.

    Never raises; what cannot be read is absent.
    """
    tiff = block.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return Exif()
    reader = _Reader(tiff, order)
    main = reader.directory(reader.number(tiff[4:8]))
    taken = reader.directory(reader.link(main, _EXIF_DIRECTORY))
    interoperability = reader.directory(reader.link(taken, _INTEROPERABILITY_DIRECTORY))
    orientation = reader.short(main, _ORIENTATION)
    return Exif(
        make=reader.text(main, _MAKE),
        model=reader.text(main, _MODEL),
        taken=reader.text(taken, _TAKEN) or reader.text(taken, _DIGITIZED),
        orientation=orientation if orientation in range(1, 9) else 1,
        interoperability=reader.text(interoperability, _INTEROPERABILITY_INDEX),
    )


class _Reader:
    """Values of one block in its byte order."""

    def __init__(self, tiff: bytes, order: str) -> None:
        self._tiff = tiff
        self._order = order

    def number(self, four: bytes) -> int:
        return int(struct.unpack(f"{self._order}I", four)[0])

    def directory(self, offset: int) -> Directory:
        head = self._tiff[offset : offset + 2]
        if offset < 8 or len(head) < 2:
            return {}
        count = min(struct.unpack(f"{self._order}H", head)[0], _ENTRIES_AT_MOST)
        entries = self._tiff[offset + 2 : offset + 2 + 12 * count]
        whole = entries[: len(entries) // 12 * 12]
        return {tag: (kind, n, value) for tag, kind, n, value in struct.iter_unpack(f"{self._order}HHI4s", whole)}

    def link(self, directory: Directory, tag: int) -> int:
        kind, _, value = directory.get(tag, (0, 0, b""))
        return self.number(value) if kind == _LONG else 0

    def short(self, directory: Directory, tag: int) -> int:
        kind, _, value = directory.get(tag, (0, 0, b""))
        return int(struct.unpack(f"{self._order}H", value[:2])[0]) if kind == _SHORT else 0

    def text(self, directory: Directory, tag: int) -> str | None:
        kind, count, value = directory.get(tag, (0, 0, b""))
        if kind != _ASCII:
            return None
        offset = self.number(value)
        length = min(count, _TEXT_AT_MOST)
        raw = (value[:length] if count <= 4 else self._tiff[offset : offset + length]).partition(b"\0")[0]
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return raw.decode("latin-1")  # Exif says ASCII; older cameras write their local alphabet
