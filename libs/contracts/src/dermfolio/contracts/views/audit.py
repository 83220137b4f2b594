"""The audit trail as the API shows it."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from dermfolio.contracts.messages import Action, Instant


class TrailRecord(BaseModel):
    """One record of the trail."""

    position: int
    id: UUID
    at: Instant = Field(description="When it happened, by the clock of the service that saw it.")
    recorded_at: Instant = Field(description="When it was chained.")
    event: str = Field(description="What happened, e.g. 'images.ingested'.")
    action: Action
    outcome: Literal["success", "denied", "failure"]
    user: UUID | None = None
    service: str | None = Field(None, description="The service that acted, when no user did.")
    session: UUID | None = None
    roles: list[str] = []
    opening: UUID | None = Field(None, description="The emergency access that the user needed for it.")
    site: UUID | None = None
    patient: UUID | None = None
    object_kind: str
    object_id: str | None = None
    address: str | None = None
    user_agent: str | None = None
    request_id: str | None = None
    caused_by: str | None = None
    detail: dict[str, Any] = Field({}, description="Further ids and codes, e.g. the photographs that a page showed.")


class TrailPage(BaseModel):
    """A page of the trail, newest first."""

    records: list[TrailRecord]
    next: str | None


class VerificationView(BaseModel):
    """The verdict over the trail."""

    intact: bool
    records: int = Field(description="Records that verify, from the first one on.")
    first_broken: int | None = Field(description="Position of the first record that does not verify.")
    kind: Literal["edited", "missing", "inserted", "reordered", "wrong_key", "diverged", "gap"] | None = Field(
        description="What happened there: the record was changed, removed, put in, moved; nothing from there on "
        "verifies under the known keys; the columns that searches use differ from the record; or facts of a producer "
        "never arrived."
    )
    finding: str = Field(description="The verdict as a sentence.")
    gaps: dict[str, int] = Field(description="Per producer: facts that its outbox holds and the trail does not yet.")
    not_asked: list[str] = Field(description="Producers that could not be asked.")
