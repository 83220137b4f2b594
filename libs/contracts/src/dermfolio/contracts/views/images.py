"""Photographs as the API shows them."""

from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from dermfolio.contracts.messages import Instant

RENDITION_SIZES = (320, 1280, 2560)
"""Long edges in pixels; a photograph is never enlarged, so a rendition may be smaller than its name."""


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
    CORRUPT = "corrupt"
    TRUNCATED = "truncated"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_BYTES_DECODED = "too_many_bytes_decoded"
    TOO_MANY_FRAMES = "too_many_frames"
    TOOK_TOO_LONG = "took_too_long"
    DECODER_CRASHED = "decoder_crashed"


SENTENCES: dict[RejectionReason, str] = {
    RejectionReason.UNSUPPORTED_TYPE: "This file type is not accepted. Accepted are JPEG and PNG.",
    RejectionReason.CORRUPT: "The file is damaged and cannot be read. Export or copy it again, then upload it again.",
    RejectionReason.TRUNCATED: "The file is incomplete. Copy it again from the camera, then upload it again.",
    RejectionReason.TOO_MANY_PIXELS: "The photograph has more pixels than this installation accepts. Export it smaller.",
    RejectionReason.TOO_MANY_BYTES_DECODED: "The photograph needs more memory than this installation allows. Export it smaller.",
    RejectionReason.TOO_MANY_FRAMES: "The file holds more frames than this installation accepts. Export a single photograph.",
    RejectionReason.TOOK_TOO_LONG: "Reading the file took too long. Export it again in a simpler form.",
    RejectionReason.DECODER_CRASHED: "The file could not be read safely. Export it again, then upload it again.",
}


class RenditionView(BaseModel):
    """A stored smaller version: upright, sRGB, WebP, without metadata."""

    size: int = Field(description="The name of the rendition: its intended long edge in pixels.")
    width: int
    height: int
    bytes: int


class CaptureFacts(BaseModel):
    """What the file itself says of its making. Null where it says nothing or nonsense."""

    captured_at: str | None = Field(None, description="Camera's local time, ISO 8601 without offset.")
    camera_make: str | None = None
    camera_model: str | None = None


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
    width: int | None = Field(description="Pixels, upright.")
    height: int | None
    effective_at: Instant
    uploaded_at: Instant
    uploaded_by: UUID
    capture: CaptureFacts | None
    revision: int
    renditions: list[RenditionView]


class UploadView(BaseModel):
    """The answer to an upload. A duplicate is a success: `image` is the photograph it equals."""

    outcome: Literal["accepted", "duplicate"]
    image: ImageView


class PoolPage(BaseModel):
    """One page of a patient's image pool, newest effective date first."""

    images: list[ImageView]
    total: int
    next: str | None
