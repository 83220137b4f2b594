"""From a fact to the members of its record: the vocabulary is the contracts', the text is bounded and printable.

Actions are those of FHIR R4 AuditEvent.action; a member without a value is left out.
"""

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from dermfolio.contracts.audit import KEPT_DIRECTLY, AppendRecord
from dermfolio.contracts.catalog import EVENTS_BY_SUBJECT
from dermfolio.contracts.messages import Event
from dermfolio.contracts.replay import Fact, Origin

FORMAT = 1
"""Version of the meaning of a record's members."""

AUDIT = "audit"
GATEWAY = "gateway"

ADDRESS_LENGTH = 64
USER_AGENT_LENGTH = 400
TEXT_LENGTH = 200

_VOCABULARY = EVENTS_BY_SUBJECT | {event.subject: event for event in KEPT_DIRECTLY}
_UNKNOWN_ACTION = "E"
_UNKNOWN_KIND = "unknown"
_OUTCOMES = ("success", "denied", "failure")
_ENVELOPE = frozenset({"v", "id", "at", "site", "patient", "outcome", "caused_by"})
"""Fields of every event; they have members of their own."""

_EXACT = 2**53 - 1
"""The largest integer that canonical JSON can say (RFC 8785, section 3.2.2.3)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A record before it has its place. `seq` is None for what audit counts itself: its own facts, the gateway's."""

    producer: str
    id: UUID
    seq: int | None
    members: Mapping[str, Any]

    def at_place(self, seq: int, recorded_at: datetime) -> dict[str, Any]:
        """The whole record but for its position, which the chain adds."""
        return {
            "v": FORMAT,
            "producer": self.producer,
            "id": str(self.id),
            "seq": seq,
            "recorded_at": instant(recorded_at),
            **self.members,
        }


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC with six decimals and Z: 27 characters, so that text order is the order in time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def of_fact(producer: str, fact: Fact) -> Draft:
    """The record of a producer's fact; one of a newer producer, unknown here, is recorded in general terms."""
    return Draft(producer, fact.id, fact.seq, _members(fact.subject, fact.at, fact.data, fact.origin))


def of_own(event: Event, origin: Origin) -> Draft:
    """The record of something audit itself did."""
    return Draft(AUDIT, event.id, None, _members(event.subject, event.at, event.model_dump(mode="json"), origin))


def of_refusal(request: AppendRecord, origin: Origin) -> Draft:
    """The record of what the gateway refused on its own."""
    members: dict[str, Any] = {
        "at": instant(request.at),
        "event": request.event,
        "action": request.action,
        "outcome": request.outcome,
        "patient": _uuid(request.patient),
        "object_kind": request.object_kind,
        "object_id": _text(request.object_id, TEXT_LENGTH),
        "detail": {} if request.code is None else {"code": request.code},
    }
    return Draft(GATEWAY, request.id, None, _present(members | _who(origin)))


def _members(subject: str, at: datetime, data: Mapping[str, Any], origin: Origin) -> dict[str, Any]:
    known = _VOCABULARY.get(subject)
    about = known.about if known else None
    taken = set(_ENVELOPE) | ({about} if about else set())
    outcome = data.get("outcome", "success")
    if outcome not in _OUTCOMES:
        outcome = "failure"  # a word of a newer producer: not known to be a success
        taken.discard("outcome")
    taken -= {name for name in ("site", "patient") if data.get(name) is not None and _uuid(data[name]) is None}
    members = {
        "at": instant(at),
        "event": _text(subject.removeprefix("evt."), TEXT_LENGTH),
        "action": known.action if known else _UNKNOWN_ACTION,
        "outcome": outcome,
        "site": _uuid(data.get("site")),
        "patient": _uuid(data.get("patient")),
        "object_kind": about or _UNKNOWN_KIND,
        "object_id": _text(data.get(about), TEXT_LENGTH) if about else None,
        "caused_by": _text(data.get("caused_by"), TEXT_LENGTH),
        "detail": _sayable({name: value for name, value in data.items() if name not in taken and value is not None}),
    }
    return _present(members | _who(origin))


def _who(origin: Origin) -> dict[str, Any]:
    return {
        "user": _uuid(origin.user),
        "service": _text(origin.service, TEXT_LENGTH),
        "session": _uuid(origin.session),
        "roles": [_printable(role) for role in origin.roles],
        "opening": _uuid(origin.opening),
        "address": _text(origin.address, ADDRESS_LENGTH),
        "user_agent": _text(origin.user_agent, USER_AGENT_LENGTH),
        "request_id": _text(origin.request_id, TEXT_LENGTH),
    }


def _present(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in (None, [], {})}


def _uuid(value: object) -> str | None:
    """The UUID in its one spelling; None for anything else."""
    try:
        return None if value is None else str(UUID(str(value)))
    except ValueError:
        return None


def _text(value: object, length: int) -> str | None:
    return None if value is None else _printable(str(value))[:length]


def _printable(value: str) -> str:
    """Replace control characters and lone surrogates, which PostgreSQL or UTF-8 cannot hold."""
    if value.isprintable():
        return value
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in {"Cc", "Cs"} else c for c in value)


def _sayable(value: Any) -> Any:
    """The value as canonical JSON can say it: numbers beyond its range become text."""
    match value:
        case bool() | None:
            return value
        case int():
            return value if abs(value) <= _EXACT else str(value)
        case float():
            return value if math.isfinite(value) else str(value)
        case str():
            return _printable(value)
        case Mapping():
            return {_printable(name): _sayable(each) for name, each in value.items()}
        case _:
            return [_sayable(each) for each in value]
