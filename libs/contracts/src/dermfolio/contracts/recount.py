"""Counting the computed facts of patients anew (PAT-3): what patients and images answer to an operator's question."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from dermfolio.contracts.messages import Request

PATIENTS_AT_ONCE = 200
IMAGES_AT_ONCE = 1000


class ImageCounts(BaseModel):
    """How many images count, by patient; none where a patient is left out."""

    counts: dict[UUID, int]


class CountImages(Request[ImageCounts]):
    """How many images of each of these patients count. Answers only patients."""

    subject = "rpc.images.count"
    patients: list[UUID] = Field(max_length=PATIENTS_AT_ONCE)


class KnownImage(BaseModel):
    """An image as far as counts and tags go, at a version of its facts."""

    image: UUID
    counts: bool
    tags: list[UUID]
    version: int


class KnownImages(BaseModel):
    """Images of a patient, in the order of their ids."""

    images: list[KnownImage]


class ListKnownImages(Request[KnownImages]):
    """Every image that a patient has, after an id. Answers only patients."""

    subject = "rpc.images.known"
    patient: UUID
    after: UUID | None = None
    limit: int = Field(IMAGES_AT_ONCE, ge=1, le=IMAGES_AT_ONCE)


class Difference(BaseModel):
    """A computed fact of a patient that is not what a recount comes to."""

    patient: UUID
    fact: Literal["image_count", "entry_count", "last_appointment", "tags"]
    kept: str
    counted: str


class Recounted(BaseModel):
    """What a recount of some patients found; what is `next` is where to go on."""

    checked: int
    differences: list[Difference]
    next: UUID | None


class RecountPatients(Request[Recounted]):
    """Count patients anew, those after an id or those named, and put right what differs if asked. Answers only ops."""

    subject = "rpc.patients.recount"
    timeout = 60.0
    after: UUID | None = None
    patients: list[UUID] | None = Field(None, max_length=PATIENTS_AT_ONCE)
    repair: bool = False


OF_PATIENTS: tuple[type[Request[Any]], ...] = (RecountPatients,)
"""What patients answers of this."""

OF_IMAGES: tuple[type[Request[Any]], ...] = (CountImages, ListKnownImages)
"""What images answers of this."""
