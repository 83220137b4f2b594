"""The page of the audit trail's vocabulary, for auditors and integrators."""

from collections.abc import Iterable, Iterator

from dermfolio.contracts.codings import Coding
from dermfolio.contracts.messages import Event
from dermfolio.contracts.records import BACKGROUND, Records
from dermfolio.contracts.vocabulary import ENTITIES, OF_GATEWAY, VOCABULARY, Meaning
from dermfolio.gateway.records import ELSEWHERE, OPERATIONS, SOCKET

_ABOUT = """# The vocabulary of the audit trail

Made from the code (`contracts/vocabulary.py`, `contracts/records.py`, `gateway/records.py`) by `make generate`; the
build fails when an event, an operation or work in the background is not in it. [audit-trail.md](audit-trail.md)
describes the records themselves, and the levels.

## Events

*Type* and *subtype* are those of FHIR R4 `AuditEvent`. *BALP* is the profile of IHE Basic Audit Log Patterns that a
record with the outcome `success` follows, as `IHE.BasicAudit.<profile>`, or `IHE.BasicAudit.Patient<profile>` where it
names a patient; a search, which the trail calls `R`, is `E` there. A record of several patients (`patients.listed`)
becomes one `AuditEvent` for each. What is *routine* is left out by the level `essential`.

| event | action | object | type | subtype | BALP | routine |
|---|---|---|---|---|---|---|
"""

_OBJECTS = """
## Objects

| object | `entity.type` | `entity.role` |
|---|---|---|
"""

_OPERATIONS = """
## What operations leave

Of each success, by the operations of the API. In brackets: where it came to that. What is refused leaves the denial of
the service that was asked (`<service>.denied`) or a refusal of the gateway's own, or what the last column names.

| operation | leaves | refused |
|---|---|---|
"""

_OTHERS = """
## What else happens

| | leaves |
|---|---|
"""


def page() -> str:
    """The page, in Markdown."""
    events = sorted(VOCABULARY, key=lambda event: event.name())
    operations = ((f"`{name}`", _left(it), ", ".join(map(_named, it.refused))) for name, it in OPERATIONS.items())
    others = [
        *((f"`/ws` {name}", it) for name, it in SOCKET.items()),
        *((f"`{name}`", it) for name, it in {**ELSEWHERE, **BACKGROUND}.items()),
    ]
    parts = [
        _ABOUT,
        *_rows(_event(e.name(), e.action, e.about, VOCABULARY[e]) for e in events),
        *_rows(_event(name, refusal.action, refusal.about, refusal) for name, refusal in OF_GATEWAY.items()),
        _OBJECTS,
        *_rows((f"`{kind}`", _code(entity.type), _code(entity.role)) for kind, entity in ENTITIES.items()),
        _OPERATIONS,
        *_rows(operations),
        _OTHERS,
        *_rows((name, _left(it)) for name, it in others),
    ]
    return "".join(parts)


def _event(name: str, action: str, about: str, meaning: Meaning) -> Iterable[str]:
    pattern = meaning.pattern
    subtype = "" if pattern.subtype is None else _code(pattern.subtype)
    return (
        f"`{name}`",
        action,
        about,
        _code(pattern.type),
        subtype,
        pattern.balp or "",
        "yes" if meaning.routine else "",
    )


def _left(records: Records) -> str:
    if records.nothing_because is not None:
        return f"nothing: {records.nothing_because}"
    return ", ".join([*map(_named, records.leaves), *(f"({_named(event)})" for event in records.besides)])


def _named(event: type[Event] | str) -> str:
    return f"`{event if isinstance(event, str) else event.name()}`"


def _code(coding: Coding) -> str:
    return f"{coding.code} {coding.display}" if coding.display != coding.code else coding.code


def _rows(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    for row in rows:
        yield "| " + " | ".join(row) + " |\n"
