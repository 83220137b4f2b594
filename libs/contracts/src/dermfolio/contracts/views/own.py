"""What a user keeps of their own: API tokens and preferences (ORG-7, ORG-9)."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from dermfolio.contracts.messages import Instant, now
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.views.organisation import Language
from dermfolio.contracts.views.text import Name

LONGEST = timedelta(days=366)
"""An API token lives at most so long."""

Scope = Literal[
    Permission.PATIENT_READ,
    Permission.PATIENT_CREATE,
    Permission.PATIENT_WRITE,
    Permission.IMAGE_READ,
    Permission.IMAGE_WRITE,
    Permission.IMAGE_MOVE,
    Permission.CONSENT_WRITE,
    Permission.ENTRY_READ,
    Permission.ENTRY_WRITE,
    Permission.TAG_ASSIGN,
    Permission.TRAIL_READ,
    Permission.TRAIL_OF_PATIENT_READ,
    Permission.TRAIL_VERIFY,
]
"""What an API token can be made for: work with records, never the administration of people."""


def _soon(value: AwareDatetime) -> AwareDatetime:
    if not now() < value <= now() + LONGEST:
        raise ValueError(f"must lie in the future, at most {LONGEST.days} days ahead")
    return value


class NewToken(BaseModel):
    """An API token to make. It can do what its user may do, as far as its scopes and sites go, and nothing else."""

    model_config = ConfigDict(extra="forbid")
    name: Name
    scopes: list[Scope] = Field(min_length=1, max_length=20)
    sites: list[UUID] = Field([], max_length=100, description="Where it may be used; sites of its user.")
    expires_at: Annotated[AwareDatetime, AfterValidator(_soon)]


class TokenView(BaseModel):
    """An API token as its owner sees it; of the token itself only the beginning is known."""

    id: UUID
    name: str
    begins_with: str
    scopes: list[Permission]
    sites: list[UUID]
    created_at: Instant
    expires_at: Instant
    last_used_at: Instant | None


class TokenList(BaseModel):
    """One's API tokens that are neither revoked nor expired, newest first."""

    tokens: list[TokenView]


class TokenMade(TokenView):
    """A new API token."""

    token: str = Field(description="Send it as Authorization: Bearer. It is shown only here.")


class Preferences(BaseModel):
    """How somebody likes to work; null where nothing was chosen."""

    model_config = ConfigDict(extra="forbid")
    language: Language | None = None
    theme: Literal["light", "dark", "auto"] | None = None
    patients_view: Literal["cards", "table"] | None = None
    pool_direction: Literal["newest", "oldest"] | None = None
    pool_zoom: Literal["small", "medium", "large"] | None = None
    sidebar: Literal["wide", "narrow"] | None = None
    viewer_zoom: Literal["fit", "pixels"] | None = None


class Sections(BaseModel):
    """Which sections of an entry somebody has open (ENT-2)."""

    model_config = ConfigDict(extra="forbid")
    workspace: bool = True
    comparisons: bool = True
    tags_and_notes: bool = True
