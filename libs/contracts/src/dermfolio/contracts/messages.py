"""The kinds of message on the bus, and the grammar of their subjects: `<kind>.<owner>.<name>`.

| kind  | class            | meaning                                             |
|-------|------------------|-----------------------------------------------------|
| `rpc` | `Request[Reply]` | one typed reply; reads and immediate writes          |
| `job` | `Job`            | durable work of its owner                            |
| `evt` | `Event`          | a fact, in the past tense, for many readers          |
| `live`| `Live`           | a hint that may be lost                              |

Messages carry ids, versions and codes, never text about people.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

SUBJECT = re.compile(r"^(rpc|job|evt|live)\.([a-z]+)\.([a-z_]+)$")

Reply = TypeVar("Reply", bound=BaseModel)

Action = Literal["C", "R", "U", "D", "E"]
"""Create, read, update, delete, execute: FHIR R4 AuditEvent.action."""

Instant = Annotated[
    datetime,
    PlainSerializer(lambda t: t.astimezone(UTC).isoformat().replace("+00:00", "Z")),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A point in time; written in UTC with a trailing Z (RFC 3339)."""


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


class Message(BaseModel):
    """Anything on the bus: immutable, and tolerant of fields a newer sender added (rolling upgrades)."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    subject: ClassVar[str] = ""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse a subject outside the grammar when the class is made, not when it is first sent."""
        super().__pydantic_init_subclass__(**kwargs)
        if cls.subject and not SUBJECT.match(cls.subject):
            raise TypeError(f"{cls.__name__}: the subject {cls.subject!r} is not <kind>.<owner>.<name>")

    @classmethod
    def owner(cls) -> str:
        """Name the service that the second token of the subject names."""
        return cls.subject.split(".")[1]


class Request(Message, Generic[Reply]):
    """A question or an immediate write, answered once by its owner."""

    reply: ClassVar[type[BaseModel]]
    timeout: ClassVar[float] = 5.0
    """Seconds the asker waits for one reply."""
    repeatable: ClassVar[bool] = True
    """Whether asking again after a lost reply is harmless."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Read the reply's class off the parameter: `class GetImage(Request[ImageView])`."""
        super().__pydantic_init_subclass__(**kwargs)
        for parent in cls.__mro__:
            arguments = getattr(parent, "__pydantic_generic_metadata__", {}).get("args", ())
            if arguments and isinstance(arguments[0], type):
                cls.reply = arguments[0]
                return


class Recorded(Message):
    """A message that is kept until its effect is certain: it has an identity and a time."""

    v: Literal[1] = 1
    id: UUID = Field(default_factory=uuid4)
    at: Instant = Field(default_factory=now)


class Job(Recorded):
    """Durable work of its owner, sent by the owner itself through its outbox."""

    caused_by: UUID | None = None
    """The fact that it was sent with."""


class Event(Recorded):
    """A fact. The class says how the audit trail describes it: the action and the kind of object it is about."""

    action: ClassVar[Action]
    about: ClassVar[str]
    """The field that holds the object's id; its name is the kind of the object in the trail."""

    site: UUID | None = None
    patient: UUID | None = None
    outcome: Literal["success", "denied", "failure"] = "success"
    caused_by: UUID | None = None
    """The fact that it goes back to, where nobody asked for it."""

    @classmethod
    def name(cls) -> str:
        """What the audit trail calls it: `<producer>.<event>`."""
        return cls.subject.removeprefix("evt.")

    @classmethod
    def broadcast(cls) -> bool:
        """Tell whether the bus carries it. Reads and denials change nothing: they are for followers alone."""
        return cls.action != "R" and not issubclass(cls, AccessDenied)

    def object_id(self) -> str | None:
        """Id of the object the event is about."""
        value = getattr(self, self.about, None)
        return None if value is None else str(value)


class AccessDenied(Event):
    """The owner refused what its actor may not do or see. `target` is the id that was asked for, whether or not it
    exists; `code` is the problem's."""

    action: ClassVar[Action] = "E"
    about: ClassVar[str] = "request"
    request: str
    code: str
    target: UUID | None = None
    outcome: Literal["success", "denied", "failure"] = "denied"


class Live(Message):
    """A hint that may be lost: presence, percent done, 'look into your outbox'."""


class Nothing(BaseModel):
    """The reply of a request that has nothing to say but that it was done."""

    model_config = ConfigDict(frozen=True)
