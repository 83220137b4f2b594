"""Formats by their content, never by their name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """An accepted format: how it begins, and how a whole file of it ends."""

    media_type: str
    magic: bytes
    end: bytes
    """A marker that stands near the end of every complete file."""

    def is_whole(self, data: bytes) -> bool:
        """Whether the end marker is there; cameras may append data of their own behind it."""
        return self.end in data


JPEG = Format("image/jpeg", b"\xff\xd8\xff", b"\xff\xd9")
"""ISO/IEC 10918-1: SOI, then a marker; EOI."""

PNG = Format("image/png", b"\x89PNG\r\n\x1a\n", b"IEND\xae\x42\x60\x82")
"""W3C PNG: signature; the IEND chunk with its CRC."""

FORMATS = (JPEG, PNG)


def sniff(data: bytes) -> Format | None:
    """Tell the format of a file from its first bytes; None for whatever is not accepted."""
    return next((f for f in FORMATS if data.startswith(f.magic)), None)
