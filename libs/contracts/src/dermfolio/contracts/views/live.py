"""What a browser and the gateway say to each other over `/ws`. Events are hints; REST is the truth."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

PEOPLE_AT_ONCE = 50
"""People who are told of at one patient; more are there, and not told of."""

Cursor = Annotated[str, Field(max_length=60, description="A place in the stream of events, valid on every gateway.")]


class Subscribe(BaseModel):
    """Follow a patient. With the cursor of the last event seen, what came after it is sent first."""

    model_config = ConfigDict(extra="forbid")
    type: Literal["subscribe"]
    patient: UUID
    cursor: Cursor | None = None


class Unsubscribe(BaseModel):
    """Follow a patient no longer."""

    model_config = ConfigDict(extra="forbid")
    type: Literal["unsubscribe"]
    patient: UUID


class Here(BaseModel):
    """Be shown to others as having this patient's pages open, or one entry of the patient; one place per connection."""

    model_config = ConfigDict(extra="forbid")
    type: Literal["here"]
    patient: UUID
    entry: UUID | None = None


class Away(BaseModel):
    """Be shown nowhere any more."""

    model_config = ConfigDict(extra="forbid")
    type: Literal["away"]


class Ping(BaseModel):
    """Ask for a sign of life."""

    model_config = ConfigDict(extra="forbid")
    type: Literal["ping"]


SocketHears = Annotated[Subscribe | Unsubscribe | Here | Away | Ping, Field(discriminator="type")]
"""Any message of a client."""


class _Said(BaseModel):
    """Whatever the gateway says, it says whole."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class Subscribed(_Said):
    """The patient is followed; every event after `cursor` will arrive."""

    type: Literal["subscribed"] = "subscribed"
    patient: UUID
    cursor: Cursor


class LiveEvent(_Said):
    """Something changed. Keep `cursor` to resume after a disconnect."""

    type: Literal["event"] = "event"
    cursor: Cursor
    event: str = Field(description="What happened, e.g. 'images.ingested'.")
    patient: UUID
    data: dict[str, Any] = Field(description="Ids, versions and codes of what changed.")


class Resync(_Said):
    """Events may be missing: fetch again over REST, and go on from `cursor`. `patient` null means all followed ones."""

    type: Literal["resync"] = "resync"
    patient: UUID | None
    cursor: Cursor


class RightsChanged(_Said):
    """What the session may do is not what it was: ask for the session again, and for what is shown."""

    type: Literal["rights_changed"] = "rights_changed"


class LicenceChanged(_Said):
    """The licence of the installation is another one, or in another state: ask for it again."""

    type: Literal["licence_changed"] = "licence_changed"


class TagsChanged(_Said):
    """The tags of a site, or (null) of the installation, are others, or look otherwise: ask for them again. Not
    repeated after a disconnect."""

    type: Literal["tags_changed"] = "tags_changed"
    site: UUID | None


class EmergencyNews(_Said):
    """Something happened to an emergency access to a patient of a site that one administers: count them again. Not
    repeated after a disconnect."""

    type: Literal["emergency"] = "emergency"
    event: str = Field(description="What happened, e.g. 'patients.opened'.")
    site: UUID
    opening: UUID


class Somebody(BaseModel):
    """A user who has a patient's pages open, or one entry of the patient."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)
    user: UUID
    entry: UUID | None = None


class Present(_Said):
    """Who has a patient open now, oneself too: told to those who said that they are there, whenever it changes."""

    type: Literal["present"] = "present"
    patient: UUID
    people: list[Somebody]


class SocketProblem(_Said):
    """A message was not understood, or not allowed."""

    type: Literal["problem"] = "problem"
    code: str
    title: str
    detail: str
    patient: UUID | None = None


class Pong(_Said):
    """The sign of life."""

    type: Literal["pong"] = "pong"


SocketSays = Annotated[
    Subscribed
    | LiveEvent
    | Resync
    | RightsChanged
    | LicenceChanged
    | TagsChanged
    | EmergencyNews
    | Present
    | SocketProblem
    | Pong,
    Field(discriminator="type"),
]
"""Any message of the gateway."""
