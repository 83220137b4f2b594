"""Formats by their content, never by their name."""

from collections.abc import Callable
from dataclasses import dataclass

from dermfolio.images.imaging import jpeg, png


@dataclass(frozen=True, slots=True)
class Format:
    """An accepted format.

    `magic` is how its files begin; `loader` the libvips operation that reads it and nothing else; `is_whole` whether a
    file leads to its own end; `is_damage` whether a decoder's complaint means lost pixels.
    """

    media_type: str
    magic: bytes
    loader: str
    is_whole: Callable[[bytes], bool]
    is_damage: Callable[[str], bool] | None = None
    shrinks_on_load: bool = False
    """Its decoder makes halves, quarters and eighths by itself."""


JPEG = Format(
    "image/jpeg", b"\xff\xd8\xff", "jpegload_buffer", jpeg.is_whole, is_damage=jpeg.is_damage, shrinks_on_load=True
)
"""ISO/IEC 10918-1: SOI, then a marker."""

PNG = Format("image/png", b"\x89PNG\r\n\x1a\n", "pngload_buffer", png.is_whole)
"""W3C PNG: signature."""

FORMATS = (JPEG, PNG)


def sniff(data: bytes) -> Format | None:
    """Tell the format of a file from its first bytes; None for whatever is not accepted."""
    return next((f for f in FORMATS if data.startswith(f.magic)), None)
