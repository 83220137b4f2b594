"""The audit trail as the API shows it."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from dermfolio.contracts.messages import Action, Instant


class TrailRecord(BaseModel):
    """One record of the trail."""

    position: int
    at: Instant
    event: str = Field(description="What happened, e.g. 'images.ingested'.")
    action: Action
    outcome: Literal["success", "denied", "failure"]
    user: UUID | None
    service: str | None = Field(description="The service that acted, when no user did.")
    site: UUID | None
    patient: UUID | None
    object_kind: str
    object_id: str | None
    address: str | None
    user_agent: str | None
    request_id: str | None


class TrailPage(BaseModel):
    """A page of the trail, newest first."""

    records: list[TrailRecord]
    next: str | None


class VerificationView(BaseModel):
    """The verdict over the trail."""

    intact: bool
    records: int
    first_broken: int | None = Field(description="Position of the first record that does not verify.")
    finding: str = Field(description="The verdict as a sentence.")
    gaps: dict[str, int] = Field(description="Per producer: facts that its outbox holds and the trail does not yet.")
