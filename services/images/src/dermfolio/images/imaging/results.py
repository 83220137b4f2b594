"""What developing a file ends in."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Reason(StrEnum):
    """Why a file is not accepted as a photograph."""

    UNSUPPORTED_TYPE = "unsupported_type"
    HEIC = "heic"
    CORRUPT = "corrupt"
    TRUNCATED = "truncated"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_BYTES_DECODED = "too_many_bytes_decoded"
    TOO_MANY_FRAMES = "too_many_frames"
    TOOK_TOO_LONG = "took_too_long"
    DECODER_CRASHED = "decoder_crashed"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may claim before it is decoded, checked against its header; and what may come of it."""

    pixels: int = 80_000_000
    """Width times height of a frame; the largest cameras in clinics make about 60 million."""
    decoded_bytes: int = 512 * 1024 * 1024
    """What the decoder would hold at worst: samples, or the coefficients of a progressive JPEG."""
    frames: int = 200
    """Pages or frames in one file. The first is the photograph; the others are only stepped over."""
    full_bytes: int = 64 * 1024 * 1024
    """A full rendition that would be larger is not made."""


@dataclass(frozen=True, slots=True)
class CaptureFacts:
    """What the file says of its making; None where it says nothing or nonsense."""

    captured_at: str | None = None
    """Camera's local time, ISO 8601 without offset."""
    camera_make: str | None = None
    camera_model: str | None = None
    lens: str | None = None
    exposure_seconds: float | None = None
    f_number: float | None = None
    iso: int | None = None
    focal_length_mm: float | None = None
    flash_fired: bool | None = None
    orientation: int = 1
    """Exif orientation of the stored pixels, 1 to 8. Width, height and renditions are upright already."""


LongEdge = Literal[2560, 1280, 320]
Size = LongEdge | Literal["full"]
FULL: Literal["full"] = "full"


@dataclass(frozen=True, slots=True)
class Rendition:
    """A WebP, or as `full` a PNG of all pixels: upright, sRGB, without metadata. `width` by `height` are its pixels."""

    size: Size
    width: int
    height: int
    data: bytes

    @property
    def media_type(self) -> str:
        """What it is."""
        return "image/png" if self.size == FULL else "image/webp"


@dataclass(frozen=True, slots=True)
class Developed:
    """A photograph. `width` by `height` are the pixels of the upright original."""

    media_type: str
    width: int
    height: int
    renditions: tuple[Rendition, ...]
    capture: CaptureFacts
    thumbhash: str
    """In base64, of how it stands in the renditions."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Not a photograph we accept."""

    reason: Reason
