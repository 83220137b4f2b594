"""What audit answers, and the facts of its own that it keeps."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from dermfolio.contracts.messages import AccessDenied, Action, Event, Instant, Nothing, Request, now
from dermfolio.contracts.signed_notes import MOST_TEXT
from dermfolio.contracts.views.audit import ExportForm, TrailFilter, TrailPage, VerificationView
from dermfolio.contracts.views.history import HistoryPage

GatewayEvent = Literal[
    "gateway.csrf_failed",
    "gateway.password_change_required",
    "gateway.second_factor_setup_required",
    "gateway.rate_limited",
    "gateway.session_refused",
    "gateway.provider_sign_in_failed",
    "gateway.upload_refused",
]
"""What the gateway refuses on its own."""


class AppendRecord(Request[Nothing]):
    """Record what the gateway refused on its own; committed before the answer. Appending the same id again does
    nothing.
    """

    subject = "rpc.audit.append"
    id: UUID
    at: Instant = Field(default_factory=now)
    event: GatewayEvent
    action: Action
    outcome: Literal["success", "denied", "failure"]
    object_kind: Literal["session", "image"]
    object_id: str | None = Field(None, max_length=200)
    patient: UUID | None = None
    code: str | None = Field(None, pattern=r"^[a-z_]{1,64}$", description="The problem's code.")


class ListTrail(Request[TrailPage]):
    """A page of the trail, newest first; listing is itself recorded. `before` is the position of the last record of the
    page before.
    """

    subject = "rpc.audit.list"
    limit: int = Field(100, ge=1, le=500)
    before: int | None = Field(None, ge=1)
    filter: TrailFilter = TrailFilter()


class BeginExport(Request[Nothing]):
    """Begin to export the records that a filter lets through and the actor may see, up to the newest there is now;
    recorded before the answer. Beginning with the same id again does nothing.
    """

    subject = "rpc.audit.begin_export"
    export: UUID
    form: ExportForm
    filter: TrailFilter = TrailFilter()


class ExportPlace(BaseModel):
    """How far an export has come: behind a moment and position, after so many records."""

    at: Instant
    position: int
    records: int


class ExportPart(BaseModel):
    """A piece of an export, which may be empty; the pieces follow each other without anything between them."""

    text: str
    records: int = Field(description="Records so far, with this piece.")
    next: ExportPlace | None


class ReadExport(Request[ExportPart]):
    """The piece of an export behind a place, oldest records first. What is exported, its record in the trail says."""

    subject = "rpc.audit.read_export"
    timeout = 30.0
    export: UUID
    after: ExportPlace | None = None


class EndExport(Request[Nothing]):
    """Record how an export ended, under the name of whom it was for. Ending it again does nothing."""

    subject = "rpc.audit.end_export"
    export: UUID
    complete: bool
    records: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$", description="Of all that was sent.")


EXPORTING: tuple[type[Request], ...] = (BeginExport, ReadExport, EndExport)  # type: ignore[type-arg]


class ListHistory(Request[HistoryPage]):
    """A page of the actor's own security history, newest first; listing is itself recorded."""

    subject = "rpc.audit.history"
    limit: int = Field(50, ge=1, le=100)
    before: int | None = Field(None, ge=1)


class VerifyTrail(Request[VerificationView]):
    """Verify the whole chain, and compare it with checkpoints, also with some that were kept outside."""

    subject = "rpc.audit.verify"
    timeout = 600.0

    checkpoints: str = Field("", max_length=MOST_TEXT)


class TrailListed(Event):
    """Somebody was shown a page of the trail: the records from one position to the other that the filter lets through
    and they may see.
    """

    subject = "evt.audit.listed"
    action: ClassVar[Action] = "R"
    about: ClassVar[str] = "request"
    request: Literal["rpc.audit.list"] = "rpc.audit.list"
    filter: dict[str, str] | None = None
    newest: int | None
    oldest: int | None


class TrailExported(Event):
    """Somebody began to export the records up to a position that the filter lets through, of these sites if not of
    all.
    """

    subject = "evt.audit.exported"
    action: ClassVar[Action] = "R"
    about: ClassVar[str] = "export"
    export: UUID
    form: ExportForm
    filter: dict[str, str] | None = None
    sites: list[UUID] | None = None
    upto: int


class TrailExportEnded(Event):
    """An export was sent whole, or (`failure`) cut off."""

    subject = "evt.audit.export_ended"
    action: ClassVar[Action] = "R"
    about: ClassVar[str] = "export"
    export: UUID
    records: int
    sha256: str


class HistoryListed(Event):
    """A user was shown a page of the own security history: the records from one position to the other."""

    subject = "evt.audit.history_listed"
    action: ClassVar[Action] = "R"
    about: ClassVar[str] = "user"
    user: UUID
    newest: int | None
    oldest: int | None


class TrailVerified(Event):
    """Somebody had the chain verified."""

    subject = "evt.audit.verified"
    action: ClassVar[Action] = "E"
    about: ClassVar[str] = "request"
    request: Literal["rpc.audit.verify"] = "rpc.audit.verify"
    intact: bool
    records: int
    first_broken: int | None


class FactsMissed(Event):
    """A producer no longer had these facts, both ends included, when the trail asked for them."""

    subject = "evt.audit.facts_missed"
    action: ClassVar[Action] = "E"
    about: ClassVar[str] = "producer"
    producer: str
    first: int
    last: int
    outcome: Literal["success", "denied", "failure"] = "failure"


class AuditAccessDenied(AccessDenied):
    """audit refused what its actor may not do or see."""

    subject = "evt.audit.denied"


KEPT_DIRECTLY: tuple[type[Event], ...] = (
    TrailListed,
    TrailExported,
    TrailExportEnded,
    HistoryListed,
    TrailVerified,
    FactsMissed,
    AuditAccessDenied,
)
"""audit writes these into its own trail; they never travel on the bus."""
