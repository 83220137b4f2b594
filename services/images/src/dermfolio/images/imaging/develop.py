"""From the bytes of a file to renditions.

Decoded once, shrunk to the largest rendition on the way; colour is worked out on the shrunk picture, each smaller
rendition is made of the one before, and each is turned upright while it is encoded. A full rendition takes a second
decode.
"""

import os
import re
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

os.environ.setdefault("VIPS_BLOCK_UNTRUSTED", "1")  # before libvips starts: fuzzed loaders only, all of ours among them
os.environ.setdefault("VIPS_CONCURRENCY", "1")  # workers fill the cores; libvips' own threads add nothing

import pyvips

from dermfolio.images.imaging import full
from dermfolio.images.imaging.brands import HEIC, brands
from dermfolio.images.imaging.capture import capture_facts
from dermfolio.images.imaging.complaints import Listening
from dermfolio.images.imaging.formats import Format, sniff
from dermfolio.images.imaging.orientation import upright
from dermfolio.images.imaging.reading import Reading
from dermfolio.images.imaging.results import FULL, Developed, Limits, LongEdge, Reason, Rejected, Rendition
from dermfolio.images.imaging.thumbhash import LARGEST, thumbhash

SIZES: tuple[LongEdge, ...] = (2560, 1280, 320)
"""Long edges in pixels, largest first."""

_ENCODING = {2560: (80, 1), 1280: (80, 1), 320: (84, 4)}
"""WebP quality and effort for pictures up to a long edge. Effort 1 costs two thirds of the CPU of effort 2, and one per
cent more bytes for the same SSIM; effort 4 costs 2.5 times that of effort 2 for a few per cent. For the tile, which
everyone who opens a pool sees, it is nothing, and so is the kilobyte that its higher quality takes."""

_ENCODERS = 2
"""The largest rendition takes as long to encode as all else; the smaller ones are made and encoded beside it."""

_BYTES_PER_SAMPLE = {"uchar": 1, "char": 1, "ushort": 2, "short": 2, "uint": 4, "int": 4, "float": 4, "double": 8}

_OUT_OF_MEMORY = re.compile(
    r"out of memory|insufficient memory|memory allocation|tile size out of range", re.IGNORECASE
)

pyvips.cache_set_max(0)  # each file is seen once; a cache would only hold its pixels


def develop(
    data: bytes,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    *,
    rotation: int = 0,
    now: datetime | None = None,
) -> Developed | Rejected:
    """Make the renditions of a file, or say why not. Never raises for what is in the file.

    They stand upright, turned clockwise by `rotation` degrees, a multiple of 90. `now` is the time of receipt, against
    which a capture time is judged; the clock's when it is not given.
    """
    form = sniff(data)
    if form is None:
        return Rejected(Reason.UNSUPPORTED_TYPE if HEIC.isdisjoint(brands(data)) else Reason.HEIC)
    try:
        return _judged(form, data, limits, rotation, now or datetime.now(UTC))
    except MemoryError:
        return Rejected(Reason.TOO_MANY_BYTES_DECODED)
    except pyvips.Error as error:
        return Rejected(Reason.TOO_MANY_BYTES_DECODED if _is_out_of_memory(error) else Reason.CORRUPT)


def _judged(form: Format, data: bytes, limits: Limits, rotation: int, now: datetime) -> Developed | Rejected:
    if (fault := form.fault(data, limits.frames)) is not None:
        return Rejected(fault)
    with Listening(form.is_damage) as heard:
        reading = Reading(form, data, rotation)
        if (reason := _refusal(reading.header, limits)) is not None:
            return Rejected(reason)
        developed = _developed(reading, limits, now) if reading.is_drawn() else None
    return Rejected(Reason.CORRUPT) if developed is None or heard.damage else developed


def _refusal(header: pyvips.Image, limits: Limits) -> Reason | None:
    """What the header claims beyond the limits, or beyond what can be shown; checked before a pixel is decoded."""
    if header.width * header.height > limits.pixels:
        return Reason.TOO_MANY_PIXELS
    if header.get_n_pages() > limits.frames:
        return Reason.TOO_MANY_FRAMES
    if _decoded_bytes(header) > limits.decoded_bytes:
        return Reason.TOO_MANY_BYTES_DECODED
    if header.interpretation == pyvips.Interpretation.MULTIBAND:  # bands that nobody says the colours of
        return Reason.UNSUPPORTED_TYPE
    return None


def _decoded_bytes(header: pyvips.Image) -> int:
    samples: int = header.width * header.height * header.bands
    if header.get_typeof("jpeg-chroma-subsample") and header.get_typeof("interlaced"):
        # a progressive JPEG is held as 16-bit coefficients, half as many where chroma is subsampled both ways
        return samples if header.get("jpeg-chroma-subsample") == "4:2:0" else samples * 2
    return samples * _BYTES_PER_SAMPLE.get(header.format, 8)


def _is_out_of_memory(error: pyvips.Error) -> bool:
    return _OUT_OF_MEMORY.search(str(error)) is not None


def _developed(reading: Reading, limits: Limits, now: datetime) -> Developed:
    pictures, renditions = _smaller_ones(reading)
    if not reading.is_shown_by_browsers and (whole := _full(reading, limits.full_bytes)) is not None:
        renditions.append(whole)
    facts = capture_facts(reading.exif, now)
    stand_in = _thumbhash(pictures[-1])
    return Developed(reading.form.media_type, *reading.upright_size, tuple(renditions), facts, stand_in)


def _smaller_ones(reading: Reading) -> tuple[list[pyvips.Image], list[Rendition]]:
    """The pictures, and each encoded while the next one is made."""
    with ThreadPoolExecutor(_ENCODERS) as encoders:
        pictures: list[pyvips.Image] = []
        data: list[Future[bytes]] = []
        for picture in _pictures(reading):
            is_another = not pictures or picture is not pictures[-1]
            data.append(encoders.submit(encoded, picture) if is_another else data[-1])
            pictures.append(picture)
    renditions = [
        Rendition(size, picture.width, picture.height, each.result())
        for size, picture, each in zip(SIZES, pictures, data, strict=True)
    ]
    return pictures, renditions


def _pictures(reading: Reading) -> Iterator[pyvips.Image]:
    """What each rendition shows, largest first; the same picture where a smaller one would be as large."""
    edge = max(reading.width, reading.height)
    picture = reading.picture(shrink=next((n for n in (8, 4, 2) if edge >= n * SIZES[0]), 1))
    shown: pyvips.Image | None = None
    for size in SIZES:
        scale = min(1.0, size / edge)
        width, height = max(1, round(reading.width * scale)), max(1, round(reading.height * scale))
        if shown is None or (width, height) != (picture.width, picture.height):
            picture = _shrunk(picture, width, height)
            if shown is None:
                picture = reading.to_srgb(picture)
            picture = picture.copy_memory()
            shown = upright(picture, reading.orientation)
        yield shown


def _thumbhash(tile: pyvips.Image) -> str:
    scale = min(1.0, LARGEST / max(tile.width, tile.height))
    small = _shrunk(tile, max(1, round(tile.width * scale)), max(1, round(tile.height * scale)))
    return thumbhash(small.width, small.height, bytes(small.write_to_memory()))


def _shrunk(image: pyvips.Image, width: int, height: int) -> pyvips.Image:
    if (image.width, image.height) == (width, height):
        return image
    return image.resize(width / image.width, vscale=height / image.height, kernel=pyvips.Kernel.LANCZOS3)


def _full(reading: Reading, most: int) -> Rendition | None:
    """All pixels; None where they are too many to be kept or held: then the largest of the others has to do."""
    try:
        picture = reading.to_srgb(reading.picture())
        if reading.orientation != 1:
            picture = upright(picture.copy_memory(), reading.orientation)
        data = full.png(picture, most)
    except pyvips.Error as error:
        if _is_out_of_memory(error):
            return None
        raise
    return None if data is None else Rendition(FULL, picture.width, picture.height, data)


def encoded(picture: pyvips.Image) -> bytes:
    """Write an 8-bit sRGB picture, at most of the largest size, as a WebP without metadata."""
    edge = max(picture.width, picture.height)
    quality, effort = next(_ENCODING[size] for size in reversed(SIZES) if edge <= size)
    data: bytes = picture.webpsave_buffer(Q=quality, effort=effort, keep="none")
    return data
