"""What images answers and says of what people change of photographs (POOL-5, POOL-10, POOL-11, POOL-15)."""

from typing import Any, ClassVar
from uuid import UUID

from dermfolio.contracts.messages import Action, Event, Request
from dermfolio.contracts.views.editing import (
    DateChanges,
    EditedImage,
    EditedImages,
    NewCaption,
    NewEffectiveDate,
    NewPlace,
    TagsOfMany,
)


class CaptionImage(Request[EditedImage]):
    """Give a photograph, whose caption is still at this version, a caption."""

    subject = "rpc.images.caption"
    patient: UUID
    image: UUID
    new: NewCaption
    version: int


class DateImage(Request[EditedImage]):
    """Give a photograph, whose effective date is still at this version, an effective date."""

    subject = "rpc.images.date"
    patient: UUID
    image: UUID
    new: NewEffectiveDate
    version: int


class PlaceImage(Request[EditedImage]):
    """Put a photograph beside another one of the pool."""

    subject = "rpc.images.place"
    timeout = 15.0
    patient: UUID
    image: UUID
    new: NewPlace


class DateImages(Request[EditedImages]):
    """Give several photographs their effective dates, or none of them."""

    subject = "rpc.images.date_many"
    timeout = 15.0
    patient: UUID
    changes: DateChanges


class TagImages(Request[EditedImages]):
    """Give several photographs tags and take tags away from them, or do nothing."""

    subject = "rpc.images.tag_many"
    timeout = 15.0
    patient: UUID
    changes: TagsOfMany


class ImageEdited(Event):
    """Somebody changed something of a photograph. `version` is the photograph's; apply only newer ones."""

    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "image"
    image: UUID
    version: int


class ImageCaptioned(ImageEdited):
    """A photograph has another caption."""

    subject = "evt.images.captioned"


class ImageDated(ImageEdited):
    """A photograph has another effective date, and the place in the pool that comes with it."""

    subject = "evt.images.dated"


class ImagePlaced(ImageEdited):
    """A photograph has another place in the pool."""

    subject = "evt.images.placed"


ASKED: tuple[type[Request[Any]], ...] = (CaptionImage, DateImage, PlaceImage, DateImages, TagImages)
"""What images answers of this."""

SAID = (ImageCaptioned, ImageDated, ImagePlaced)
"""What images says of this."""
