"""The audit trail as the API shows it."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from dermfolio.contracts.messages import Action, Instant
from dermfolio.contracts.roles import Role
from dermfolio.contracts.signed_notes import MOST_TEXT

Outcome = Literal["success", "denied", "failure"]
ExportForm = Literal["csv", "jsonl", "fhir"]
"""For spreadsheets; for programs and verifiers; for what reads FHIR R4 AuditEvent."""

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)")


def _with_zone(value: object) -> object:
    """Let nothing be taken for a time that says no zone, or is a number."""
    if not isinstance(value, datetime) and not (isinstance(value, str) and _RFC_3339.fullmatch(value)):
        raise ValueError("must be a time with its zone, e.g. 2026-03-01T08:00:00Z")
    return value


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be within the years 1 to 9999") from None


Moment = Annotated[Instant, BeforeValidator(_with_zone), AfterValidator(_in_utc)]
"""A point in time that somebody names (RFC 3339)."""


_OBJECT_ID = (
    r"^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9]{1,20}|rpc\.[a-z]+\.[a-z_]+"
    r"|installation|identity|patients|images|registration|gateway|audit)$"
)
_ADDRESS = r"^[0-9a-fA-F.:]{2,64}$"


class TrailFilter(BaseModel):
    """What records of the trail are looked for: those of which all of this is true.

    It becomes part of the record of the search, so it takes ids, codes and times, and no words.
    """

    model_config = ConfigDict(frozen=True)

    since: Moment | None = Field(None, description="Happened then or later.")
    until: Moment | None = Field(None, description="Happened before.")
    user: UUID | None = Field(None, description="Who acted.")
    role: Role | None = Field(None, description="A role that the user held at that moment.")
    site: UUID | None = Field(None, description="The site it belongs to: of a patient, the home site.")
    patient: UUID | None = Field(None, description="Whom it is about.")
    event: str | None = Field(
        None, pattern=r"^[a-z]+\.[a-z_]+$", max_length=100, description="What happened, e.g. `images.ingested`."
    )
    action: Action | None = Field(None, description="Create, read, update, delete or execute.")
    outcome: Outcome | None = Field(None, description="How it went.")
    object_kind: str | None = Field(
        None, pattern=r"^[a-z_]+$", max_length=100, description="What it was done to, e.g. `image`."
    )
    object_id: Annotated[str, StringConstraints(to_lower=True, pattern=_OBJECT_ID)] | None = Field(
        None, description="The id of what it was done to; of a request its subject, of a producer its name."
    )
    address: Annotated[str, StringConstraints(to_lower=True, pattern=_ADDRESS)] | None = Field(
        None, description="Network address of the client, whole."
    )

    @model_validator(mode="after")
    def _a_time_that_can_be(self) -> "TrailFilter":
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise ValueError("'since' must be before 'until'")
        return self


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


class CheckpointsView(BaseModel):
    """What the trail was compared with: checkpoints that were signed in former times."""

    database: int = Field(description="Checkpoints in the database that were compared.")
    store: int | None = Field(description="Those in the object store; null when it could not be asked.")
    locked: bool | None = Field(description="Whether the object store refuses to remove them (object lock).")
    outside: int = Field(description="Those that were sent along.")
    newest: int = Field(description="Position of the newest record that was signed; 0 when none was.")
    verifier_keys: list[str] = Field(
        description="Public keys that signed them, as c2sp.org/signed-note writes them; the present one first."
    )


class Verification(BaseModel):
    """What the trail is compared with besides its own checkpoints."""

    model_config = ConfigDict(extra="forbid")

    checkpoints: str = Field(
        "",
        max_length=MOST_TEXT,
        description="Signed checkpoints that were kept outside, one behind the other, or lines of a log with them. "
        "The newest ones suffice: each stands for all records before it.",
    )


FindingKind = Literal[
    "edited",
    "missing",
    "inserted",
    "reordered",
    "wrong_key",
    "diverged",
    "gap",
    "truncated",
    "recomputed",
    "checkpoint_forged",
    "checkpoint_missing",
]
"""What can be wrong with a trail; `docs/audit-trail.md` says what each means."""


class VerificationView(BaseModel):
    """The verdict over the trail."""

    intact: bool
    records: int = Field(description="Records that verify, from the first one on.")
    first_broken: int | None = Field(description="Position of the first record that does not verify.")
    kind: FindingKind | None = Field(
        description="What happened there: the record was changed, removed, put in, moved; nothing from there on "
        "verifies under the known keys; the columns that searches use differ from the record; facts of a producer "
        "never arrived; records that a checkpoint signed are missing at the end, or are others; or a checkpoint is "
        "not the one that was signed, or is missing."
    )
    finding: str = Field(description="The verdict as a sentence.")
    gaps: dict[str, int] = Field(description="Per producer: facts that its outbox holds and the trail does not yet.")
    not_asked: list[str] = Field(description="Producers that could not be asked.")
    checkpoints: CheckpointsView
