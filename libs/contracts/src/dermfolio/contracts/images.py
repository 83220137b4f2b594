"""What images answers, does and says."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, Field

from dermfolio.contracts.messages import AccessDenied, Action, Event, Instant, Job, Request, now
from dermfolio.contracts.views.images import ImageView, PoolPage, RejectionReason, RenditionSize, UploadView
from dermfolio.contracts.views.tags import FILTERED_AT_MOST

OBJECT_OWNER = "images"
"""Whose objects these are, in the context that seals them."""

IMAGES_AT_ONCE = 100
"""How many images of a pool can be asked for by their ids."""


def original_key(image: UUID, attempt: UUID) -> str:
    """Where the gateway puts the bytes of one attempt, sealed as revision 0. Attempts are never repeated."""
    return f"originals/{image}/{attempt}"


class RegisterImage(Request[UploadView]):
    """Bytes are stored under `originals/{image}/{attempt}`: make them a photograph of the patient."""

    subject = "rpc.images.register"
    timeout = 15.0
    image: UUID
    patient: UUID
    attempt: UUID
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: int = Field(gt=0)
    file_name: str = Field(max_length=4096)
    stored_at: Instant = Field(default_factory=now)
    """When the bytes were whole in the store; stale ones may be swept already and are not registered."""


class UploadKnown(BaseModel):
    """Whether this id was uploaded before; then the bytes decide whether it is the same upload."""

    known: bool


class CheckUpload(Request[UploadKnown]):
    """Is this id free for an upload to this patient? 404 when it belongs elsewhere."""

    subject = "rpc.images.check_upload"
    image: UUID
    patient: UUID


class GetImage(Request[ImageView]):
    """One image of a patient; recorded as a read."""

    subject = "rpc.images.get"
    patient: UUID
    image: UUID


class ListPool(Request[PoolPage]):
    """A page of the patient's pool, or of these images of it; one record lists the images shown."""

    subject = "rpc.images.pool"
    patient: UUID
    limit: int = Field(100, ge=1, le=200)
    cursor: str | None = None
    tags: list[UUID] | None = Field(None, min_length=1, max_length=FILTERED_AT_MOST)
    """Only those that have one of these tags (TAG-3)."""

    images: list[UUID] | None = Field(None, min_length=1, max_length=IMAGES_AT_ONCE)
    """Only these, rejected ones too: whoever names an image wants to know what became of it."""


class RetryIngest(Request[ImageView]):
    """Process a failed image again."""

    subject = "rpc.images.retry"
    patient: UUID
    image: UUID


class StoredObject(BaseModel):
    """Where an object lies and how it is sealed; for services that move bytes."""

    patient: UUID
    """Whose data key seals it: of a merged patient, the record that the image belongs to."""

    key: str
    context_revision: int
    bytes: int
    media_type: str
    etag: str
    file_name: str
    at_home: bool = True
    """Whether it is seen by a role at the patient's home site; any other right may be taken back this moment."""


class LocateRendition(Request[StoredObject]):
    """Where a rendition lies, if it was made. Sizes above 320 px are recorded as reads; 320 px are covered by the
    pool's record."""

    subject = "rpc.images.locate_rendition"
    patient: UUID
    image: UUID
    size: RenditionSize


class LocateOriginal(Request[StoredObject]):
    """Where the uploaded bytes lie, or the file that shows all their pixels turned; recorded as a download."""

    subject = "rpc.images.locate_original"
    patient: UUID
    image: UUID
    rotated: bool = False


class IngestImage(Job):
    """Decode an original and make its renditions."""

    subject = "job.images.ingest"
    image: UUID
    patient: UUID
    site: UUID
    attempt: UUID


class _ImageEvent(Event):
    """A fact about one image. `version` grows with each; apply only newer ones."""

    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "image"
    image: UUID


class ImageRegistered(_ImageEvent):
    """An upload was admitted and is being processed."""

    subject = "evt.images.registered"
    action: ClassVar[Action] = "C"
    version: int
    uploaded_at: Instant


class ImageIngested(_ImageEvent):
    """The image has its renditions."""

    subject = "evt.images.ingested"
    version: int
    revision: int


class ImageRejected(_ImageEvent):
    """The file is not acceptable; its bytes are removed."""

    subject = "evt.images.rejected"
    version: int
    reason: RejectionReason


class ImageFailed(_ImageEvent):
    """Processing was given up; the original is kept."""

    subject = "evt.images.failed"
    version: int


class ImageRetried(_ImageEvent):
    """Processing of a failed image starts again."""

    subject = "evt.images.retried"
    version: int


class DuplicateRefused(_ImageEvent):
    """An upload brought bytes that are in the pool already, as `image`."""

    subject = "evt.images.duplicate"
    action: ClassVar[Action] = "C"
    upload: UUID


class ObjectSwept(Event):
    """The reconciler removed bytes that no image claims, `image` where they lay under the name of one."""

    subject = "evt.images.swept"
    action: ClassVar[Action] = "D"
    about: ClassVar[str] = "image"
    image: UUID | None


class PoolViewed(Event):
    """Somebody was shown a page of a pool; tile-size renditions are covered by this record."""

    subject = "evt.images.pool_viewed"
    action: ClassVar[Action] = "R"
    about: ClassVar[str] = "patient"
    images: list[UUID]


class ImageViewed(_ImageEvent):
    """Somebody was shown the facts of an image."""

    subject = "evt.images.viewed"
    action: ClassVar[Action] = "R"


class RenditionViewed(_ImageEvent):
    """Somebody was shown a large rendition."""

    subject = "evt.images.rendition_viewed"
    action: ClassVar[Action] = "R"
    size: RenditionSize


class OriginalDownloaded(_ImageEvent):
    """Somebody downloaded the uploaded bytes."""

    subject = "evt.images.original_downloaded"
    action: ClassVar[Action] = "R"


class ImagesAccessDenied(AccessDenied):
    """images refused what its actor may not do or see."""

    subject = "evt.images.denied"
