"""What developing a file ends in."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a file is not accepted as a photograph."""

    UNSUPPORTED_TYPE = "unsupported_type"
    CORRUPT = "corrupt"
    TRUNCATED = "truncated"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_BYTES_DECODED = "too_many_bytes_decoded"
    TOO_MANY_FRAMES = "too_many_frames"
    TOOK_TOO_LONG = "took_too_long"
    DECODER_CRASHED = "decoder_crashed"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may claim before it is decoded. Checked against its header."""

    pixels: int = 80_000_000
    """Width times height of a frame; the largest cameras in clinics make about 60 million."""
    decoded_bytes: int = 512 * 1024 * 1024
    """What the decoder would hold at worst: samples, or the coefficients of a progressive JPEG."""
    frames: int = 1
    """Pages or frames in one file."""


@dataclass(frozen=True, slots=True)
class CaptureFacts:
    """What the file says of its making; None where it says nothing or nonsense."""

    captured_at: str | None = None
    """Camera's local time, ISO 8601 without offset."""
    camera_make: str | None = None
    camera_model: str | None = None
    orientation: int = 1
    """Exif orientation of the stored pixels, 1 to 8. Width, height and renditions are upright already."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """A WebP: upright, sRGB, without metadata. `size` names it, `width` by `height` are its pixels."""

    size: int
    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Developed:
    """A photograph. `width` by `height` are the pixels of the upright original."""

    media_type: str
    width: int
    height: int
    renditions: tuple[Rendition, ...]
    capture: CaptureFacts


@dataclass(frozen=True, slots=True)
class Rejected:
    """Not a photograph we accept."""

    reason: Reason
