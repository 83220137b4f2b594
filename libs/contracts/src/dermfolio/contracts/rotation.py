"""What images answers, does and says of turning photographs (POOL-13)."""

from typing import Any
from uuid import UUID

from pydantic import Field

from dermfolio.contracts.editing import ImageEdited
from dermfolio.contracts.messages import Job, Request
from dermfolio.contracts.views.editing import EditedImage
from dermfolio.contracts.views.rotation import NewRotation


class RotateImage(Request[EditedImage]):
    """Let a photograph be turned further. The same key has one effect, so that turns add up."""

    subject = "rpc.images.rotate"
    patient: UUID
    image: UUID
    new: NewRotation
    idempotency_key: str = Field(max_length=200)


class TurnImage(Job):
    """Make the renditions of a photograph that stand turned by so many degrees, if that is still wanted."""

    subject = "job.images.rotate"
    image: UUID
    rotation: int


class ImageRotationWanted(ImageEdited):
    """Somebody wants a photograph to stand another way; until it does, it stands as before."""

    subject = "evt.images.rotation_wanted"


class ImageRotated(ImageEdited):
    """A photograph stands as it was wanted to, in each of its renditions."""

    subject = "evt.images.rotated"
    revision: int


class ImageRotationGivenUp(ImageEdited):
    """A photograph could not be turned, and stands as before."""

    subject = "evt.images.rotation_given_up"


ASKED: tuple[type[Request[Any]], ...] = (RotateImage,)
"""What images answers of this."""

SAID = (ImageRotationWanted, ImageRotated, ImageRotationGivenUp)
"""What images says of this."""
