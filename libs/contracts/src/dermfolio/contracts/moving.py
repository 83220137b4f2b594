"""What patients and images answer, do and say of moving a photograph to another patient (PAT-7)."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel

from dermfolio.contracts.messages import Action, Event, Job, Request
from dermfolio.contracts.views.moving import GiveUpReason, MoveCandidate, MoveTarget, MoveView, NewMove


class PreviewMove(Request[MoveTarget]):
    """Whom a photograph of this patient would go to; recorded as a read of that patient."""

    subject = "rpc.patients.preview_move"
    patient: UUID
    candidate: MoveCandidate


class MoveAdmission(BaseModel):
    """The patient takes the photograph."""

    site: UUID
    aliases: list[UUID]
    """Records that are merged into the patient: their pools are this one's too."""

    left_behind: list[UUID]
    """Those of the photograph's tags that this patient's photographs cannot have."""


class AdmitMove(Request[MoveAdmission]):
    """THE decision, as of an upload: lock the patient that it goes to, check, record the admission of this image.
    Repeating it gives the same answer.
    """

    subject = "rpc.patients.admit_move"
    image: UUID
    source: UUID
    move: NewMove
    tags: list[UUID]


class MoveImage(Request[MoveView]):
    """Send a photograph, which is still at this version, to another patient."""

    subject = "rpc.images.move"
    timeout = 15.0
    patient: UUID
    image: UUID
    version: int
    move: NewMove


class CarryImage(Job):
    """Seal a photograph's objects anew, for the patient that it goes to, then let it be that patient's."""

    subject = "job.images.move"
    image: UUID
    source: UUID
    target: UUID
    site: UUID
    """The home site of whom it goes to."""

    left_behind: list[UUID]
    moved_by: UUID


class _AboutMove(Event):
    """Something happened to a move. `version` is the photograph's; apply only newer ones."""

    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "image"
    image: UUID
    version: int
    source: UUID
    target: UUID


class ImageMoveBegun(_AboutMove):
    """A photograph is on its way to another patient, and still is this one's."""

    subject = "evt.images.move_begun"


class ImageMoveGivenUp(_AboutMove):
    """It stays where it is."""

    subject = "evt.images.move_given_up"
    reason: GiveUpReason


class ImageMovedAway(_AboutMove):
    """It is this patient's no more."""

    subject = "evt.images.moved_away"
    moved_by: UUID


class ImageMovedIn(_AboutMove):
    """It is this patient's now; said of the same change as `ImageMovedAway`, and with the next version."""

    subject = "evt.images.moved_in"
    moved_by: UUID
    tags: list[UUID]


SAID = (ImageMoveBegun, ImageMoveGivenUp, ImageMovedAway, ImageMovedIn)
"""What images says of this."""

CROSSING = (ImageMovedAway.subject, ImageMovedIn.subject)
"""The facts by which a photograph goes from one patient to another."""
