"""Formats by their content, never by their name."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dermfolio.images.imaging import avif, gif, jpeg, png, tiff, webp
from dermfolio.images.imaging.results import Reason
from dermfolio.images.imaging.source import Source


@dataclass(frozen=True, slots=True)
class Format:
    """An accepted format.

    `begins` tells its files by how they begin; `loader` is the libvips operation that reads them and nothing else;
    `fault` is what a file's own structure says against it, given how many frames it may have.
    """

    media_type: str
    begins: Callable[[bytes], object]
    loader: str
    fault: Callable[[bytes, int], Reason | None]
    in_memory: bool = False
    """Decoded as a whole, which libvips would do by way of a file."""
    fail_on: str = "truncated"
    """From which kind of complaint on the loader gives up; at least the one that it has for missing data."""
    is_damage: Callable[[str], bool] = lambda _: False
    """Whether a complaint on which it did not give up means lost pixels."""
    shrinks_on_load: Callable[[int], Mapping[str, Any]] | None = None
    """Its decoder makes pictures a half, a fourth or an eighth as wide by itself: the options for it."""
    source: Callable[[bytes], Source] = Source
    """What the loader is given, of a file without fault."""
    bleached: Callable[[bytes], tuple[bytes, gif.Frame]] | None = None
    """Where the decoder does not say that pixels are missing: a file without fault as one whose frame is white."""
    is_shown_by_browsers: bool = True
    """All of the original, and the photograph alone."""
    is_turned_by_browsers: bool = False
    """As its Exif block says."""


def _signature(pattern: bytes) -> Callable[[bytes], object]:
    return re.compile(pattern, re.DOTALL).match


JPEG = Format(
    "image/jpeg",
    _signature(rb"\xff\xd8\xff"),
    "jpegload_buffer",
    jpeg.fault,
    is_damage=jpeg.is_damage,
    shrinks_on_load=lambda shrink: {"shrink": shrink},
    is_turned_by_browsers=True,
)
"""ISO/IEC 10918-1: SOI, then a marker."""

PNG = Format("image/png", _signature(rb"\x89PNG\r\n\x1a\n"), "pngload_buffer", png.fault)
"""W3C PNG: signature."""

WEBP = Format(
    "image/webp",
    _signature(rb"RIFF....WEBP"),
    "webpload_buffer",
    webp.fault,
    in_memory=True,
    shrinks_on_load=lambda shrink: {"scale": 1 / shrink},
)
"""RFC 9649. Of an animation the first frame."""

AVIF = Format("image/avif", avif.begins, "heifload_buffer", avif.fault, source=avif.source)
"""AV1 Image File Format. Of a sequence the still picture that it holds."""

TIFF = Format(
    "image/tiff",
    _signature(rb"II[*+]\0|MM\0[*+]"),
    "tiffload_buffer",
    tiff.fault,
    fail_on="error",  # libvips takes a strip that cannot be read for a lesser complaint than missing data
    is_damage=tiff.is_damage,
    source=tiff.source,
    is_shown_by_browsers=False,
)
"""TIFF 6.0 and BigTIFF, of either byte order. The first page."""

GIF = Format(
    "image/gif",
    _signature(rb"GIF8[79]a"),
    "gifload_buffer",
    gif.fault,
    bleached=gif.bleached,
    is_shown_by_browsers=False,
)
"""GIF87a and GIF89a. The first frame."""

FORMATS = (JPEG, PNG, WEBP, AVIF, TIFF, GIF)


def sniff(data: bytes) -> Format | None:
    """Tell the format of a file from its first bytes; None for whatever is not accepted."""
    return next((f for f in FORMATS if f.begins(data)), None)
