"""Photographs as the API shows them."""

from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from dermfolio.contracts.messages import Instant

RENDITION_SIZES = (320, 1280, 2560)
"""Long edges in pixels; a photograph is never enlarged, so a rendition may be smaller than its name."""

RenditionSize = Literal[320, 1280, 2560, "full"]
"""The names of renditions. Not every photograph has a full one."""


class ImageState(StrEnum):
    """Where a photograph is in its life."""

    PROCESSING = "processing"
    READY = "ready"
    REJECTED = "rejected"
    """The file is at fault; `reason` says why. Nothing of it is kept."""
    FAILED = "failed"
    """The system is at fault; the original is kept and processing can be retried."""


class RejectionReason(StrEnum):
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


SENTENCES: dict[RejectionReason, str] = {
    RejectionReason.UNSUPPORTED_TYPE: "This file type is not accepted. Accepted are JPEG, PNG, WebP, AVIF, TIFF and GIF.",
    RejectionReason.HEIC: "HEIC files are not accepted. On an iPhone choose Settings > Camera > Formats > Most Compatible, and send what is there already as JPEG.",
    RejectionReason.CORRUPT: "The file is damaged, or written in a way that cannot be read. Export or copy it again, then upload it again.",
    RejectionReason.TRUNCATED: "The file is incomplete. Copy it again from the camera, then upload it again.",
    RejectionReason.TOO_MANY_PIXELS: "The photograph has more pixels than this installation accepts. Export it smaller.",
    RejectionReason.TOO_MANY_BYTES_DECODED: "The photograph needs more memory than this installation allows. Export it smaller.",
    RejectionReason.TOO_MANY_FRAMES: "The file holds more frames than this installation accepts. Export a single photograph.",
    RejectionReason.TOOK_TOO_LONG: "Reading the file took too long. Export it again in a simpler form.",
    RejectionReason.DECODER_CRASHED: "The file could not be read safely. Export it again, then upload it again.",
}


class RenditionView(BaseModel):
    """A stored version for viewing: upright, sRGB, without metadata."""

    size: RenditionSize = Field(
        description="The name of the rendition: its intended long edge in pixels, or `full` for all pixels, which is "
        "there only where a browser would not show the original itself as it is: TIFF, GIF (its first frame), CMYK, "
        "Adobe RGB without a profile, PNG or WebP that is not stored upright, and all but JPEG where it was turned."
    )
    media_type: Literal["image/webp", "image/png"]
    width: int
    height: int
    bytes: int


class CaptureFacts(BaseModel):
    """What the file itself says of its making. Null where it says nothing or nonsense."""

    captured_at: str | None = Field(None, description="Camera's local time, ISO 8601 without offset.")
    camera_make: str | None = None
    camera_model: str | None = None
    lens: str | None = None
    exposure_seconds: float | None = Field(None, description="Exposure time in seconds.")
    f_number: float | None = Field(None, description="Focal length divided by aperture: 2.8 means f/2.8.")
    iso: int | None = Field(None, description="Sensitivity after ISO 12232.")
    focal_length_mm: float | None = Field(None, description="Focal length of the lens in millimetres, as it is.")
    flash_fired: bool | None = None


class ImageView(BaseModel):
    """One photograph of a patient."""

    id: UUID
    patient: UUID
    site: UUID
    state: ImageState
    reason: RejectionReason | None
    message: str | None = Field(description="The reason as a sentence for the person who uploaded it.")
    file_name: str
    media_type: str | None
    bytes: int
    sha256: str
    width: int | None = Field(description="Pixels, as the renditions stand: upright, and turned by `rotation`.")
    height: int | None
    caption: str = ""
    caption_version: int = Field(0, description="How often the caption was saved: what `If-Match` of its change names.")
    effective_at: Instant
    date_version: int = Field(0, description="How often the effective date was chosen; 0: it is the upload's own.")
    place: str = Field(
        description="Where it stands in the order of the pool: of two photographs the one whose place is greater, "
        "compared character by character, is shown first where the newest are."
    )
    rotation: Literal[0, 90, 180, 270] = Field(
        0, description="Degrees clockwise by which the renditions are turned from how the file says it stands."
    )
    rotating: bool = Field(False, description="Whether renditions that are turned another way are being made.")
    thumbhash: str | None = Field(
        None, description="A ThumbHash in base64, to be shown until a rendition is loaded; null while there is none."
    )
    uploaded_at: Instant
    uploaded_by: UUID
    capture: CaptureFacts | None
    tags: list[UUID] = []
    entries: list[UUID] = Field(description="The entries whose workspaces hold it.")
    moving: bool = Field(description="Whether it is on its way to another patient.")
    revision: int
    renditions: list[RenditionView]


class UploadView(BaseModel):
    """The answer to an upload. A duplicate is a success: `image` is the photograph it equals."""

    outcome: Literal["accepted", "duplicate"]
    image: ImageView


class PoolPage(BaseModel):
    """One page of a patient's image pool, newest effective date first, as people have ordered it within each date."""

    images: list[ImageView]
    total: int = Field(
        description="How many images the pool lists, of those that are asked for. Rejected files are not listed."
    )
    next: str | None
