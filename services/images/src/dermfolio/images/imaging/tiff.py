"""The structure of a TIFF file (TIFF 6.0, BigTIFF, and Adobe's technical notes)."""

import re
from operator import add

from dermfolio.images.imaging.directories import Directories, Directory
from dermfolio.images.imaging.results import Reason
from dermfolio.images.imaging.source import Source

_KIND_OF_PICTURE, _PHOTOMETRIC, _BITS, _EXTRA_SAMPLES, _DNG_VERSION = 254, 262, 258, 338, 50706
_STRIPS, _TILES = (273, 279), (324, 325)
"""Tags of the places and lengths of a picture's parts."""

_REDUCED = 1
_WHITE_IS_ZERO, _RGB, _CIE_LAB = 0, 2, 8
_ALPHA = {1, 2}
"""Extra samples that are transparency, premultiplied or not; of others nobody knows what they are."""

_DAMAGE = re.compile(
    r"at (scan)?line|at row|bad code|corrupt(ed)? (jpeg|lzw)|probably corrupted|premature|lack of data|buffer overrun"
    r"|deco(de|ding)|decompress|not yet in table|too few|huffman",
    re.IGNORECASE,
)
"""Complaints of libtiff, and of the decoders under it, after which rows are missing or made up. What else it complains
of are tags."""


def fault(data: bytes, frames: int) -> Reason | None:
    """What the structure says against a file.

    The chain of directories must end, after at most so many; the strips or tiles of each must be there, and the first
    must be that of a picture that can be shown.
    """
    tags = Directories.opened(data)
    if tags is None or not tags.first:
        return Reason.CORRUPT
    if (broken := _broken_chain(tags, frames, len(data))) is not None:
        return broken
    first = tags.directory(tags.first)
    return Reason.UNSUPPORTED_TYPE if _is_raw(data, tags, first) or _is_deep_negative(tags, first) else None


def source(data: bytes) -> Source:
    """A sound file, made readable: libvips 8.18 refuses eight-bit L*a*b*, but reads it under the name of RGB."""
    tags = Directories.opened(data)
    if tags is None:
        raise ValueError("not a TIFF: what `fault` speaks against has no source")
    first = tags.directory(tags.first)
    has_alpha = tags.number(first, _EXTRA_SAMPLES) in _ALPHA
    if tags.number(first, _PHOTOMETRIC) != _CIE_LAB or tags.number(first, _BITS) != 8:
        return Source(data, exif=data, has_alpha=has_alpha)
    renamed, at = bytearray(data), first[_PHOTOMETRIC].place
    renamed[at : at + 2] = renamed[at : at + 2].replace(bytes([_CIE_LAB]), bytes([_RGB]))
    return Source(bytes(renamed), exif=data, has_alpha=has_alpha, is_lab=True)


def is_damage(message: str) -> bool:
    """Whether a complaint tells of lost pixels."""
    return _DAMAGE.search(message) is not None


def _broken_chain(tags: Directories, frames: int, length: int) -> Reason | None:
    seen: set[int] = set()
    parts = 0
    at: int | None = tags.first
    while at:
        if len(seen) == frames:
            return Reason.TOO_MANY_FRAMES
        here = _parts(tags, tags.directory(at), length)
        if here is None:
            return Reason.TRUNCATED
        parts += here
        if at in seen or parts > length:  # a loop, of directories or of what they list
            return Reason.CORRUPT
        seen.add(at)
        at = tags.following(at)
    return None if at == 0 else Reason.TRUNCATED


def _is_raw(data: bytes, tags: Directories, first: Directory) -> bool:
    """Whether it is a raw file of a camera: these begin with a small version of what only their makers can read."""
    is_small_version = bool((tags.number(first, _KIND_OF_PICTURE) or 0) & _REDUCED)
    return is_small_version or _DNG_VERSION in first or data[8:10] == b"CR"


def _is_deep_negative(tags: Directories, first: Directory) -> bool:
    """Whether zero is white in samples of 32 bits, which libvips takes for a positive."""
    return tags.number(first, _PHOTOMETRIC) == _WHITE_IS_ZERO and (tags.number(first, _BITS) or 1) > 16


def _parts(tags: Directories, page: Directory, length: int) -> int | None:
    """How many strips or tiles a page has; None where one lies beyond the end of the file."""
    found = 0
    for place, size in (_STRIPS, _TILES):
        places, sizes = tags.numbers(page, place), tags.numbers(page, size)
        if places is None or sizes is None or max(map(add, places, sizes), default=0) > length:
            return None
        found += len(places)
    return found
