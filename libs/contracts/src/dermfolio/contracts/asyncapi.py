"""The bus's description: AsyncAPI 3, generated from the catalogue."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from dermfolio.contracts.catalog import CATALOG, Part, every_message
from dermfolio.contracts.live import FACTS_NUMBERED, OUTBOX_FILLED
from dermfolio.contracts.messages import Event, Message, Request
from dermfolio.contracts.replay import REPLAYS
from dermfolio.contracts.settings import SettingsChanged
from dermfolio.contracts.streams import STREAMS
from dermfolio.contracts.vocabulary import VOCABULARY

VERSION = "1"
ABOUT = (
    "Services speak over NATS. Subjects are `<kind>.<owner>.<name>`: `rpc` is a request with one typed reply, `job` "
    "durable work of its owner, `evt` a fact for many readers, `live` a hint that may be lost. Who acts travels in the "
    "header `Dermfolio-Actor`; a reply's status, version and error code in headers, too. Operations are named "
    "`<service>.<answers|asks|says|sends|does|hears>.<subject>`."
)
HEADERS: dict[str, str] = {
    "Dermfolio-Actor": "Who acts: a JWT signed with Ed25519, by the gateway for users, else by the asking service.",
    "Dermfolio-Request-Id": "The request that this belongs to.",
    "Dermfolio-Address": "Address of the client.",
    "Dermfolio-User-Agent": "User agent of the client, percent-encoded.",
    "traceparent": "W3C trace context.",
}
REPLY_HEADERS: dict[str, str] = {
    "Dermfolio-Status": "HTTP status that the reply stands for; 200 when missing.",
    "Dermfolio-Version": "Version of the resource in the reply.",
    "Nats-Service-Error-Code": "Code of a problem; the payload then holds its further members, if any.",
    "Nats-Service-Error": "Title of that problem.",
}


def describe() -> dict[str, Any]:
    """The AsyncAPI 3.0 document of the bus."""
    messages = every_message()
    replies = {r.reply for r in messages.values() if issubclass(r, Request)}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Dermfolio bus", "version": VERSION, "description": ABOUT},
        "defaultContentType": "application/json",
        "channels": {subject: _channel(subject, message) for subject, message in sorted(messages.items())}
        | {_reply_channel(r): _replies(r) for r in sorted(replies, key=lambda r: r.__name__)},
        "operations": dict(sorted(_operations().items())),
        "components": {
            "messages": {m.__name__: _message(m) for _, m in sorted(messages.items())}
            | {r.__name__: _reply_message(r) for r in sorted(replies, key=lambda r: r.__name__)},
            "schemas": _schemas({*messages.values(), *replies}),
        },
    }


def _channel(subject: str, message: type[Message]) -> dict[str, Any]:
    channel: dict[str, Any] = {
        "address": subject,
        "messages": {message.__name__: _ref("messages", message.__name__)},
    }
    kept = next((s for s in STREAMS if subject.startswith(s.subjects[0].removesuffix(">"))), None)
    if kept is not None:
        days = f", kept {kept.max_age_seconds // 86_400} days" if kept.max_age_seconds else ""
        channel["description"] = f"JetStream stream {kept.name} ({kept.retention}{days})."
    return channel


def _reply_channel(reply: type[BaseModel]) -> str:
    return f"reply.{reply.__name__}"


def _replies(reply: type[BaseModel]) -> dict[str, Any]:
    return {
        "address": None,
        "description": "The inbox that the request names.",
        "messages": {reply.__name__: _ref("messages", reply.__name__)},
    }


def _operations() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for service, part in CATALOG.items():
        for verb, action, messages in _spoken(service, part):
            for message in messages:
                found[f"{service}.{verb}.{message.subject}"] = _operation(service, action, message)
    return found


def _spoken(service: str, part: Part) -> list[tuple[str, str, list[type[Message]]]]:
    """(verb, action, messages) of one service."""
    replays = [REPLAYS[producer] for producer in part.follows]
    facts = [
        e
        for p in CATALOG.values()
        for e in p.says
        if e.broadcast()
        and (part.watches_events or e.owner() in part.follows or (part.records_reads and e is SettingsChanged))
    ]
    jobs = [j for p in CATALOG.values() for j in p.sends if any(j.subject in c.filter_subjects for c in part.does)]
    filled = [OUTBOX_FILLED[service]] if service in OUTBOX_FILLED else []
    numbered = [FACTS_NUMBERED[service]] if service in FACTS_NUMBERED else []
    return [
        ("answers", "receive", [*part.answers]),
        ("asks", "send", [*part.asks, *replays]),
        ("says", "send", [*(e for e in part.says if e.broadcast()), *filled, *numbered, *part.hints]),
        ("sends", "send", [*part.sends]),
        ("does", "receive", [*jobs]),
        ("hears", "receive", [*facts, *filled, *(FACTS_NUMBERED[p] for p in part.follows), *part.hints]),
    ]


def _operation(service: str, action: str, message: type[Message]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "action": action,
        "channel": _ref_to("channels", message.subject),
        "messages": [_ref_to("channels", message.subject, "messages", message.__name__)],
        "tags": [{"name": service}],
    }
    if issubclass(message, Request):
        name = message.reply.__name__
        operation["reply"] = {
            "channel": _ref_to("channels", _reply_channel(message.reply)),
            "messages": [_ref_to("channels", _reply_channel(message.reply), "messages", name)],
        }
    return operation


def _message(message: type[Message]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": message.__name__,
        "summary": _about(message),
        "headers": _headers(HEADERS),
        "payload": _ref("schemas", message.__name__),
    }
    if issubclass(message, Event):
        found["description"] = _in_the_trail(message)
    return found


def _in_the_trail(event: type[Event]) -> str:
    pattern = VOCABULARY[event].pattern
    coded = " / ".join(code.display for code in (pattern.type, pattern.subtype) if code is not None)
    return f"In the audit trail: action {event.action}, about the {event.about}. FHIR AuditEvent: {coded}."


def _reply_message(reply: type[BaseModel]) -> dict[str, Any]:
    return {
        "name": reply.__name__,
        "summary": _about(reply),
        "headers": _headers(REPLY_HEADERS),
        "payload": _ref("schemas", reply.__name__),
    }


def _headers(named: dict[str, str]) -> dict[str, Any]:
    return {"type": "object", "properties": {n: {"type": "string", "description": d} for n, d in named.items()}}


def _schemas(models: set[type[BaseModel]]) -> dict[str, Any]:
    mode: JsonSchemaMode = "serialization"
    ordered = sorted(models, key=lambda m: m.__name__)
    _, schemas = models_json_schema([(m, mode) for m in ordered], ref_template="#/components/schemas/{model}")
    return dict(sorted(schemas["$defs"].items()))


def _about(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split())


def _ref(kind: str, name: str) -> dict[str, str]:
    return _ref_to("components", kind, name)


def _ref_to(*path: str) -> dict[str, str]:
    return {"$ref": "#/" + "/".join(path)}
