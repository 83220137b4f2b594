"""What audit answers."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from dermfolio.contracts.messages import Action, Nothing, Request
from dermfolio.contracts.views.audit import TrailPage, VerificationView


class AppendRecord(Request[Nothing]):
    """Record what the gateway refused on its own; committed before the answer."""

    subject = "rpc.audit.append"
    id: UUID
    event: str = Field(pattern=r"^gateway\.[a-z_]+$")
    action: Action
    outcome: Literal["success", "denied", "failure"]
    object_kind: str = Field(pattern=r"^[a-z_]+$")
    object_id: str | None = Field(None, max_length=200)


class ListTrail(Request[TrailPage]):
    """A page of the trail, newest first; listing is itself recorded."""

    subject = "rpc.audit.list"
    limit: int = Field(100, ge=1, le=500)
    before: int | None = Field(None, ge=1)
    patient: UUID | None = None


class VerifyTrail(Request[VerificationView]):
    """Verify the whole chain."""

    subject = "rpc.audit.verify"
    timeout = 60.0
