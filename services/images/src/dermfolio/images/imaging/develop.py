"""From the bytes of a file to renditions.

Decoded once, shrunk to the largest rendition first; orientation and colour are then worked out on the small picture,
and each smaller rendition is made of the one before.
"""

import os

os.environ.setdefault("VIPS_BLOCK_UNTRUSTED", "1")  # before libvips starts: fuzzed loaders only
os.environ.setdefault("VIPS_CONCURRENCY", "1")  # workers fill the cores; libvips' own threads add nothing

import pyvips

from dermfolio.images.imaging.capture import capture_facts
from dermfolio.images.imaging.colour import flattened, to_srgb
from dermfolio.images.imaging.formats import Format, sniff
from dermfolio.images.imaging.results import Developed, Limits, Reason, Rejected, Rendition

SIZES = (2560, 1280, 320)
"""Long edges in pixels, largest first."""

QUALITY = 80
EFFORT = 2
"""WebP effort 2 costs 0.39 of the CPU of effort 4 for 3 % more bytes."""

_BYTES_PER_SAMPLE = {"uchar": 1, "char": 1, "ushort": 2, "short": 2, "uint": 4, "int": 4, "float": 4, "double": 8}

pyvips.cache_set_max(0)  # each file is seen once; a cache would only hold its pixels


def develop(data: bytes, limits: Limits = Limits()) -> Developed | Rejected:  # noqa: B008 - frozen
    """Make the renditions of a file, or say why not. Never raises for what is in the file.

    Raises MemoryError when the process's own limit is too small for a file within `limits`.
    """
    form = sniff(data)
    if form is None:
        return Rejected(Reason.UNSUPPORTED_TYPE)
    try:
        image = pyvips.Image.new_from_buffer(data, "", access="sequential", fail_on="truncated")
        if (excess := _excess(image, limits)) is not None:
            return Rejected(excess)
        return _developed(image, form)
    except pyvips.Error:
        return Rejected(Reason.CORRUPT if form.is_whole(data) else Reason.TRUNCATED)


def _excess(image: pyvips.Image, limits: Limits) -> Reason | None:
    """What the header claims beyond the limits; checked before a pixel is decoded."""
    pixels = image.width * image.height
    if pixels > limits.pixels:
        return Reason.TOO_MANY_PIXELS
    if pixels * image.bands * _BYTES_PER_SAMPLE.get(image.format, 8) > limits.decoded_bytes:
        return Reason.TOO_MANY_BYTES_DECODED
    return None


def _developed(image: pyvips.Image, form: Format) -> Developed:
    capture = capture_facts(image)
    turned = image.get_typeof("orientation") != 0 and image.get("orientation") in {5, 6, 7, 8}
    width, height = (image.height, image.width) if turned else (image.width, image.height)
    picture = _shrunk(flattened(image), SIZES[0]).copy_memory()
    picture = to_srgb(picture.autorot()).copy_memory()
    renditions = []
    for size in SIZES:
        picture = _shrunk(picture, size).copy_memory()
        renditions.append(Rendition(size, picture.width, picture.height, encoded(picture)))
    return Developed(form.media_type, width, height, tuple(renditions), capture)


def encoded(picture: pyvips.Image) -> bytes:
    """Write an 8-bit sRGB picture as a WebP without metadata."""
    data: bytes = picture.webpsave_buffer(Q=QUALITY, effort=EFFORT, keep="none")
    return data


def _shrunk(image: pyvips.Image, size: int) -> pyvips.Image:
    """Shrink so that the long edge has `size` pixels; what is smaller stays."""
    edge = max(image.width, image.height)
    if edge <= size:
        return image
    # both edges from one scale, rounded: libvips then keeps the aspect ratio to within a pixel
    return image.resize(
        max(1, round(image.width * size / edge)) / image.width,
        vscale=max(1, round(image.height * size / edge)) / image.height,
        kernel=pyvips.Kernel.LANCZOS3,
    )
