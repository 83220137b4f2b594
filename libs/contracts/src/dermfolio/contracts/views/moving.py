"""Moving a photograph to another patient, as the API takes and shows it (PAT-7)."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from dermfolio.contracts.views.patients import UniqueId

MoveObstacle = Literal[
    "move_to_same_patient",
    "consent_required",
    "licence_expired",
    "licence_missing",
    "licence_invalid",
]
"""Why a patient takes no photographs of another one, as the code of the problem that trying would be answered with."""

GiveUpReason = Literal["duplicate", "failed"]
"""Why a photograph stayed: the other pool got the same one meanwhile, or it could not be carried over."""


class MoveCandidate(BaseModel):
    """The patient whose photograph it might be, by the exact unique ID."""

    model_config = ConfigDict(extra="forbid")
    unique_id: UniqueId


class MoveTarget(BaseModel):
    """Whom a photograph would go to."""

    patient: UUID
    unique_id: str
    site: UUID
    first_name: str | None
    last_name: str | None
    preferred_name: str | None
    date_of_birth: date | None
    image_count: int
    obstacle: MoveObstacle | None


class NewMove(BaseModel):
    """Where a photograph is to go. The exact unique ID confirms that it is the patient who is meant."""

    model_config = ConfigDict(extra="forbid")
    patient: UUID
    unique_id: UniqueId


class MoveView(BaseModel):
    """A photograph on its way, or there."""

    image: UUID
    patient: UUID = Field(description="Whom it goes to.")
    state: Literal["moving", "moved"]
