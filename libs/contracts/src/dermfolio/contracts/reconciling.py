"""Comparing the object store with the table of images, both ways: what it finds, and what operators ask for."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from dermfolio.contracts.messages import Action, Event, Instant, Request

LISTED_AT_MOST = 1000
"""How many images of a kind of finding a report names."""

ImageObject = Literal["original", "rendition"]


class Reached(BaseModel):
    """Where a pass over store and table has come to."""

    began: Instant
    """By the clock of the database."""

    image: UUID | None = None
    original: str = ""
    rendition: str = ""
    missing: int = 0
    """Images that were found to have lost something so far."""


class Lost(BaseModel):
    """An image one of whose objects is not what it should be."""

    image: UUID
    object: ImageObject
    since: Instant | None
    """When it was found; null where it was found just now."""


class Reconciled(BaseModel):
    """What one part of a pass found and did, or in a dry run would do; `next` is where to go on."""

    images: int = 0
    objects: int = 0
    claimed: int = 0
    in_flight: int = 0
    """Objects that no image claims, too young to be judged."""

    quarantined: int = 0
    quarantined_since: Instant | None = None
    removed: int = 0
    missing: list[Lost] = Field(default_factory=list)
    unnamed: int = 0
    """Images that have lost something too, more than are named: while there are such, nothing is removed."""

    damaged: list[Lost] = Field(default_factory=list)
    """What re-hashing has found and not seen mended since; told with the last part."""

    next: Reached | None = None


class ReconcileImages(Request[Reconciled]):
    """Compare store and table from where a pass has come to; in a dry run, change nothing. Answers only ops."""

    subject = "rpc.images.reconcile"
    timeout = 120.0
    after: Reached | None = None
    dry_run: bool = False


class _ObjectEvent(Event):
    """An object of an image is not what its row says: an alarm, once for each finding."""

    action: ClassVar[Action] = "E"
    about: ClassVar[str] = "image"
    image: UUID
    object: ImageObject
    outcome: Literal["success", "denied", "failure"] = "failure"


class ObjectMissing(_ObjectEvent):
    """An image has a row, and the store has not its object."""

    subject = "evt.images.object_missing"


class ObjectDamaged(_ObjectEvent):
    """The stored object does not open, or does not hold the bytes that its row says."""

    subject = "evt.images.object_damaged"


class ObjectsMissing(Event):
    """The object store has lost many objects at once, or shows nothing: an alarm, once until it has them again."""

    subject = "evt.images.objects_missing"
    action: ClassVar[Action] = "E"
    about: ClassVar[str] = "producer"
    producer: Literal["images"] = "images"
    images: int
    """How many photographs had lost something by then."""

    outcome: Literal["success", "denied", "failure"] = "failure"


ASKED: tuple[type[Request[Any]], ...] = (ReconcileImages,)

SAID: tuple[type[Event], ...] = (ObjectMissing, ObjectDamaged, ObjectsMissing)
