"""From the bytes of a file to renditions.

Decoded once, shrunk to the largest rendition on the way; colour is worked out on the shrunk picture, each smaller
rendition is made of the one before, and each is turned upright while it is encoded.
"""

import os
import re
from datetime import UTC, datetime

os.environ.setdefault("VIPS_BLOCK_UNTRUSTED", "1")  # before libvips starts: fuzzed loaders only
os.environ.setdefault("VIPS_CONCURRENCY", "1")  # workers fill the cores; libvips' own threads add nothing

import pyvips

from dermfolio.images.imaging import exif
from dermfolio.images.imaging.capture import capture_facts
from dermfolio.images.imaging.colour import flattened, to_srgb
from dermfolio.images.imaging.formats import Format, sniff
from dermfolio.images.imaging.orientation import swaps_sides, upright
from dermfolio.images.imaging.results import Developed, Limits, Reason, Rejected, Rendition

SIZES = (2560, 1280, 320)
"""Long edges in pixels, largest first."""

_ENCODING = {2560: (79, 2), 1280: (80, 2), 320: (84, 4)}
"""WebP quality and effort for pictures up to a long edge. Effort 4 costs 2.5 times the CPU of effort 2 for a few per
cent of bytes and SSIM. For the largest that would double the cost of the whole file; for the tile, which everyone who
opens a pool sees, it is nothing, and so is the kilobyte that its higher quality takes."""

_BYTES_PER_SAMPLE = {"uchar": 1, "char": 1, "ushort": 2, "short": 2, "uint": 4, "int": 4, "float": 4, "double": 8}

_OUT_OF_MEMORY = re.compile(r"out of memory|insufficient memory", re.IGNORECASE)

pyvips.cache_set_max(0)  # each file is seen once; a cache would only hold its pixels


def develop(data: bytes, limits: Limits = Limits(), *, now: datetime | None = None) -> Developed | Rejected:  # noqa: B008 - frozen
    """Make the renditions of a file, or say why not. Never raises for what is in the file.

    `now` is the time of receipt, against which a capture time is judged; the clock's when it is not given.
    """
    form = sniff(data)
    if form is None:
        return Rejected(Reason.UNSUPPORTED_TYPE)
    if not form.is_whole(data):
        return Rejected(Reason.TRUNCATED)
    try:
        return _judged(data, form, limits, now or datetime.now(UTC))
    except MemoryError:
        return Rejected(Reason.TOO_MANY_BYTES_DECODED)
    except pyvips.Error as error:
        out_of_memory = _OUT_OF_MEMORY.search(str(error))
        return Rejected(Reason.TOO_MANY_BYTES_DECODED if out_of_memory else Reason.CORRUPT)


def _judged(data: bytes, form: Format, limits: Limits, now: datetime) -> Developed | Rejected:
    header = _loaded(data, form, "truncated")
    if (excess := _excess(header, limits)) is not None:
        return Rejected(excess)
    if form.is_damage is None:
        return _developed(data, form, header, "truncated", now)
    try:
        return _developed(data, form, header, "warning", now)
    except pyvips.Error as error:
        if form.is_damage(str(error)) or _OUT_OF_MEMORY.search(str(error)):
            raise
    return _developed(data, form, header, "truncated", now)


def _loaded(data: bytes, form: Format, fail_on: str, shrink: int = 1) -> pyvips.Image:
    options = {"shrink": shrink} if shrink > 1 else {}
    image: pyvips.Image = getattr(pyvips.Image, form.loader)(data, access="sequential", fail_on=fail_on, **options)
    return image


def _excess(header: pyvips.Image, limits: Limits) -> Reason | None:
    """What the header claims beyond the limits; checked before a pixel is decoded."""
    if header.width * header.height > limits.pixels:
        return Reason.TOO_MANY_PIXELS
    if header.get_n_pages() > limits.frames:
        return Reason.TOO_MANY_FRAMES
    if _decoded_bytes(header) > limits.decoded_bytes:
        return Reason.TOO_MANY_BYTES_DECODED
    return None


def _decoded_bytes(header: pyvips.Image) -> int:
    samples: int = header.width * header.height * header.bands
    if header.get_typeof("jpeg-chroma-subsample") and header.get_typeof("interlaced"):
        # a progressive JPEG is held as 16-bit coefficients, half as many where chroma is subsampled both ways
        return samples if header.get("jpeg-chroma-subsample") == "4:2:0" else samples * 2
    return samples * _BYTES_PER_SAMPLE.get(header.format, 8)


def _developed(data: bytes, form: Format, header: pyvips.Image, fail_on: str, now: datetime) -> Developed:
    facts = exif.read(header.get("exif-data") if header.get_typeof("exif-data") else b"")
    edge = max(header.width, header.height)
    shrink = next((n for n in (8, 4, 2) if edge >= n * SIZES[0]), 1) if form.shrinks_on_load else 1
    picture = flattened(_loaded(data, form, fail_on, shrink))
    renditions: list[Rendition] = []
    for size in SIZES:
        scale = min(1.0, size / edge)
        width, height = max(1, round(header.width * scale)), max(1, round(header.height * scale))
        if renditions and (width, height) == (picture.width, picture.height):
            renditions.append(_same(renditions[-1], size))
            continue
        picture = _shrunk(picture, width, height)
        if not renditions:
            picture = to_srgb(picture, facts.interoperability)
        picture = picture.copy_memory()
        renditions.append(_rendition(upright(picture, facts.orientation), size))
    width, height = header.width, header.height
    if swaps_sides(facts.orientation):
        width, height = height, width
    return Developed(form.media_type, width, height, tuple(renditions), capture_facts(facts, now))


def _shrunk(image: pyvips.Image, width: int, height: int) -> pyvips.Image:
    if (image.width, image.height) == (width, height):
        return image
    return image.resize(width / image.width, vscale=height / image.height, kernel=pyvips.Kernel.LANCZOS3)


def _rendition(picture: pyvips.Image, size: int) -> Rendition:
    return Rendition(size, picture.width, picture.height, encoded(picture))


def _same(rendition: Rendition, size: int) -> Rendition:
    return Rendition(size, rendition.width, rendition.height, rendition.data)


def encoded(picture: pyvips.Image) -> bytes:
    """Write an 8-bit sRGB picture, at most of the largest size, as a WebP without metadata."""
    edge = max(picture.width, picture.height)
    quality, effort = next(_ENCODING[size] for size in reversed(SIZES) if edge <= size)
    data: bytes = picture.webpsave_buffer(Q=quality, effort=effort, keep="none")
    return data
