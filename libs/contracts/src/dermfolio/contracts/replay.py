"""Replay: a producer answers with the facts of its outbox, in order. How followers miss nothing (decision 0003)."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from dermfolio.contracts.messages import Instant, Request


class Origin(BaseModel):
    """Who caused a fact, and from where. Kept beside the fact in the outbox, given to followers, never published."""

    user: UUID | None = None
    service: str | None = None
    session: UUID | None = None
    """The session or API token."""

    roles: list[str] = []
    opening: UUID | None = None
    """The emergency access that the user needed for it (ORG-8)."""

    address: str | None = None
    user_agent: str | None = None
    request_id: str | None = None


class Fact(BaseModel):
    """One event of a producer's outbox. `seq` counts the producer's events from 1 without gaps."""

    seq: int = Field(ge=1)
    id: UUID
    subject: str
    at: Instant
    data: dict[str, Any]
    origin: Origin


class Facts(BaseModel):
    """Facts after a given `seq`, oldest first. `head` is the highest seq the producer has given out."""

    facts: list[Fact]
    upto: int = Field(description="Everything asked for up to this seq is in `facts`.")
    head: int


class Replay(Request[Facts]):
    """Ask a producer for its facts after `after`; `subjects` None means all."""

    after: int = Field(ge=0)
    limit: int = Field(500, ge=1, le=2000)
    subjects: list[str] | None = None


class ReplayIdentity(Replay):
    """Facts of identity."""

    subject = "rpc.identity.replay"


class ReplayPatients(Replay):
    """Facts of patients."""

    subject = "rpc.patients.replay"


class ReplayImages(Replay):
    """Facts of images."""

    subject = "rpc.images.replay"


class ReplayRegistration(Replay):
    """Facts of registration."""

    subject = "rpc.registration.replay"


REPLAYS: dict[str, type[Replay]] = {
    r.owner(): r for r in (ReplayIdentity, ReplayPatients, ReplayImages, ReplayRegistration)
}
"""The replay request of each producer. audit keeps what it does itself in its own trail directly."""
