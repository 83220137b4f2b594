"""The audit trail as the API shows it."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from dermfolio.contracts.messages import Action, Instant
from dermfolio.contracts.roles import Role

Outcome = Literal["success", "denied", "failure"]


class TrailFilter(BaseModel):
    """What records of the trail are looked for: those of which all of this is true."""

    model_config = ConfigDict(frozen=True)

    since: Instant | None = Field(None, description="Happened then or later.")
    until: Instant | None = Field(None, description="Happened before.")
    user: UUID | None = Field(None, description="Who acted.")
    role: Role | None = Field(None, description="A role that the user held at that moment.")
    site: UUID | None = None
    patient: UUID | None = None
    event: str | None = Field(None, pattern=r"^[a-z]+\.[a-z_]+$", max_length=100)
    action: Action | None = None
    outcome: Outcome | None = None
    object_kind: str | None = Field(None, pattern=r"^[a-z_]+$", max_length=100)
    object_id: str | None = Field(None, min_length=1, max_length=200)
    address: str | None = Field(None, min_length=1, max_length=64, description="Network address of the client.")


class TrailRecord(BaseModel):
    """One record of the trail."""

    position: int
    id: UUID
    at: Instant = Field(description="When it happened, by the clock of the service that saw it.")
    recorded_at: Instant = Field(description="When it was chained.")
    event: str = Field(description="What happened, e.g. 'images.ingested'.")
    action: Action
    outcome: Outcome
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
