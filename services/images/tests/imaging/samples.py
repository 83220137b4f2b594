"""Small real files, made by Pillow: not by the library under test."""

import io
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermfolio.images.imaging import Developed, Limits, Reason, Rejected
from dermfolio.images.imaging.develop import develop

Rgb = tuple[int, int, int]

SKIN: tuple[Rgb, ...] = ((232, 190, 172), (199, 134, 108), (141, 85, 62), (84, 48, 36), (214, 120, 112), (120, 60, 90))
"""Light to dark, inflamed, and a bruise."""


def patches(colours: tuple[Rgb, ...] = SKIN, side: int = 64) -> Image.Image:
    """Flat squares side by side: encoding leaves their middles alone."""
    picture = Image.new("RGB", (side * len(colours), side))
    for number, colour in enumerate(colours):
        picture.paste(colour, (number * side, 0, (number + 1) * side, side))
    return picture


def corners(width: int = 96, height: int = 64) -> Image.Image:
    """Red, green, blue and white quarters: every turn and mirroring shows."""
    picture = Image.new("RGB", (width, height))
    half_width, half_height = width // 2, height // 2
    picture.paste((255, 0, 0), (0, 0, half_width, half_height))
    picture.paste((0, 255, 0), (half_width, 0, width, half_height))
    picture.paste((0, 0, 255), (0, half_height, half_width, height))
    picture.paste((255, 255, 255), (half_width, half_height, width, height))
    return picture


def texture(width: int = 400, height: int = 300, seed: int = 1) -> Image.Image:
    """Noise over a skin tone."""
    noise = np.random.default_rng(seed).normal(0, 20, (height, width, 3))
    return Image.fromarray((np.array([205, 150, 125]) + noise).clip(0, 255).astype(np.uint8))


def jpeg(picture: Image.Image, **options: Any) -> bytes:
    return _saved(picture, "JPEG", **({"quality": 95, "subsampling": 0} | options))


def png(picture: Image.Image, **options: Any) -> bytes:
    return _saved(picture, "PNG", **options)


def webp(picture: Image.Image, **options: Any) -> bytes:
    return _saved(picture, "WEBP", **({"quality": 95} | options))


def avif(picture: Image.Image, **options: Any) -> bytes:
    return _saved(picture, "AVIF", **({"quality": 90, "subsampling": "4:4:4", "speed": 8} | options))


def tiff(picture: Image.Image, **options: Any) -> bytes:
    return _saved(picture, "TIFF", **options)


def gif(picture: Image.Image, **options: Any) -> bytes:
    return _saved(picture, "GIF", **options)


def _saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def exif(tags: dict[int, Any] | None = None, *, main: dict[int, Any] | None = None) -> bytes:
    """An Exif block of tags of the Exif directory and of the main one."""
    block = Image.Exif()
    for tag, value in (main or {}).items():
        block[tag] = value
    if tags:
        block.get_ifd(0x8769).update(tags)
    return block.tobytes()


def developed(data: bytes, limits: Limits | None = None) -> Developed:
    outcome = develop(data, limits or Limits())
    assert isinstance(outcome, Developed), outcome
    return outcome


def refused(data: bytes, limits: Limits | None = None) -> Reason:
    outcome = develop(data, limits or Limits())
    assert isinstance(outcome, Rejected), outcome
    return outcome.reason


def pixels(webp: bytes) -> NDArray[np.uint8]:
    """Rows, columns, three channels."""
    with Image.open(io.BytesIO(webp)) as picture:
        assert picture.mode == "RGB"
        return np.asarray(picture)


def middles(data: bytes, count: int = len(SKIN)) -> NDArray[np.float64]:
    """Mean colours of the middles of `patches`, one row for each, as the largest rendition shows them."""
    shown = pixels(developed(data).renditions[0].data)
    rows, columns = shown.shape[:2]
    side = columns / count
    inner = [shown[rows // 4 : -rows // 4, int((n + 0.25) * side) : int((n + 0.75) * side)] for n in range(count)]
    return np.array([part.reshape(-1, 3).mean(axis=0) for part in inner])


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_file(width: int, height: int, rows: bytes, *, depth: int = 8, colour: int = 2, interlaced: int = 0) -> bytes:
    """A PNG by hand, whose header may say what its data does not hold. `rows` are compressed here."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(rows, 9))
        + png_chunk(b"IEND", b"")
    )


def jpeg_claiming(width: int, height: int) -> bytes:
    """A small JPEG whose frame header says another size."""
    data = bytearray(jpeg(texture(32, 32)))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)
