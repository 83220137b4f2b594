"""Directories of tags, as TIFF files and Exif blocks hold them, read without trust (TIFF 6.0, section 2; BigTIFF).

Every offset is checked by slicing, no list is longer than its data, and no link is followed that is not asked for.
"""

import struct
import sys
from array import array
from dataclasses import dataclass

ASCII, SHORT, LONG, RATIONAL, LONG8 = 2, 3, 4, 5, 16
_BYTES = {ASCII: 1, SHORT: 2, LONG: 4, RATIONAL: 8, LONG8: 8}
_WHOLE = {SHORT: "H", LONG: "I", LONG8: "Q"}
_ENTRIES_AT_MOST = 512
_TEXT_AT_MOST = 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """One tag: its type and count, and what stands at `place`: the value or, where it is longer, its offset."""

    kind: int
    count: int
    value: bytes
    place: int


Directory = dict[int, Entry]


class Directories:
    """The directories of one file or block."""

    def __init__(self, data: bytes, order: str, *, big: bool = False) -> None:
        """`order` is that of `struct`; `big` is the layout of BigTIFF, with numbers of eight bytes."""
        self._data = data
        self._order = order
        self._count, self._link = ("Q", "Q") if big else ("H", "I")
        self._entry = struct.Struct(f"{order}HHQ8s" if big else f"{order}HHI4s")
        self._inline = 8 if big else 4
        self.first = self._number(self._link, self._inline) or 0
        """Where the first directory lies; 0 where there is none."""

    @classmethod
    def opened(cls, data: bytes) -> "Directories | None":
        """The directories of a TIFF structure; None where it is none."""
        for order, plain, big in (("<", b"II*\0", b"II+\0\x08\0\0\0"), (">", b"MM\0*", b"MM\0+\0\x08\0\0")):
            if data.startswith((plain, big)):
                return cls(data, order, big=data.startswith(big))
        return None

    def directory(self, offset: int) -> Directory:
        """The tags of the directory at an offset, as far as they are there; of equal ones the first counts."""
        start = offset + struct.calcsize(self._count)
        count = min(self._number(self._count, offset) or 0, _ENTRIES_AT_MOST) if offset >= 8 else 0
        entries = self._data[start : start + self._entry.size * count]
        whole = entries[: len(entries) // self._entry.size * self._entry.size]
        found: Directory = {}
        for number, (tag, kind, n, value) in enumerate(self._entry.iter_unpack(whole), 1):
            found.setdefault(tag, Entry(kind, n, value, start + self._entry.size * number - self._inline))
        return found

    def following(self, offset: int) -> int | None:
        """Where the directory after the one at `offset` lies; 0 after the last, None where it is cut off."""
        count = self._number(self._count, offset)
        if count is None:
            return None
        return self._number(self._link, offset + struct.calcsize(self._count) + self._entry.size * count)

    def numbers(self, directory: Directory, tag: int) -> "array[int] | None":
        """Whole numbers of a tag: empty where it is absent or of another kind; None where they are cut off."""
        entry = directory.get(tag)
        if entry is None or entry.kind not in _WHOLE:
            return array("B")
        found = array(_WHOLE[entry.kind])
        raw = self._raw(entry)
        if len(raw) < found.itemsize * entry.count:
            return None
        found.frombytes(raw)
        if (self._order == "<") != (sys.byteorder == "little"):
            found.byteswap()
        return found

    def number(self, directory: Directory, tag: int) -> int | None:
        """The first whole number of a tag."""
        found = self.numbers(directory, tag)
        return found[0] if found else None

    def ratio(self, directory: Directory, tag: int) -> float | None:
        """The first unsigned fraction of a tag."""
        entry = directory.get(tag)
        raw = self._raw(entry)[:8] if entry is not None and entry.kind == RATIONAL else b""
        if len(raw) < 8:
            return None
        above, below = struct.unpack(f"{self._order}II", raw)
        return above / below if below else None

    def text(self, directory: Directory, tag: int) -> str | None:
        """The text of a tag, up to its first NUL."""
        entry = directory.get(tag)
        if entry is None or entry.kind != ASCII:
            return None
        raw = self._raw(entry)[:_TEXT_AT_MOST].partition(b"\0")[0]
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return raw.decode("latin-1")  # Exif says ASCII; older cameras write their local alphabet

    def _raw(self, entry: Entry) -> bytes:
        """The bytes of an entry's value, fewer where they are cut off."""
        length = _BYTES[entry.kind] * entry.count
        if length <= len(entry.value):
            return entry.value[:length]
        offset = int.from_bytes(entry.value, "little" if self._order == "<" else "big")
        return self._data[offset : offset + length]

    def _number(self, kind: str, offset: int) -> int | None:
        raw = self._data[offset : offset + struct.calcsize(kind)]
        return int(struct.unpack(self._order + kind, raw)[0]) if len(raw) == struct.calcsize(kind) else None
