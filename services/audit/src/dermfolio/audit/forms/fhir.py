"""The trail as FHIR R4 AuditEvent, one resource per line (NDJSON). What happened, in the words of others, is the
contracts' vocabulary; nothing of a record is left out, what FHIR has no place for is a detail of the object.
"""

import json
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from dermfolio.audit.forms.form import Form
from dermfolio.contracts.codings import Coding, Pattern
from dermfolio.contracts.vocabulary import ENTITIES, OF_GATEWAY, VOCABULARY

_PATTERNS: dict[str, Pattern] = {
    **{event.name(): meaning.pattern for event, meaning in VOCABULARY.items()},
    **{name: meaning.pattern for name, meaning in OF_GATEWAY.items()},
}
_DICOM = "http://dicom.nema.org/resources/ontology/DCM"
_UNKNOWN = Pattern(Coding(_DICOM, "110100", "Application Activity"))
"""What happened, by an event that a newer version said."""

_USER = Coding("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP", "information recipient")
_APPLICATION = Coding(_DICOM, "110150", "Application")
_CLIENT = Coding(_DICOM, "110153", "Source Role ID")
_SERVER = Coding(_DICOM, "110152", "Destination Role ID")
_SOURCE = Coding("http://terminology.hl7.org/CodeSystem/security-source-type", "4", "Application Server")
_EMERGENCY = Coding("http://terminology.hl7.org/CodeSystem/v3-ActReason", "BTG", "break the glass")
_REQUEST_ID = Coding("https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType", "XrequestId", "X-Request-Id")
_OTHER = Coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", "4", "Other")

_OUTCOMES = {"success": "0", "denied": "4", "failure": "8"}
"""Success, minor failure (what was asked for was not done), serious failure."""

_IP, _MACHINE = "2", "1"
"""Kinds of network address."""

_DETAILED = ("position", "producer", "seq", "opening")
"""Members that are details of the object."""


def _coding(coding: Coding) -> dict[str, str]:
    return {"system": coding.system, "code": coding.code, "display": coding.display}


def _concept(coding: Coding) -> dict[str, Any]:
    return {"coding": [_coding(coding)]}


def _named(system: str, value: str) -> dict[str, Any]:
    """A reference by identifier: to a UUID, or to a name that only we give."""
    try:
        return {"identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{UUID(value)}"}}
    except ValueError:
        return {"identifier": {"system": f"urn:dermfolio:{system}", "value": value}}


def _agents(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Who acted, from where, and the service that did it."""
    found = [_user(record)] if "user" in record else []
    if "service" in record:
        acting = {"type": _concept(_APPLICATION), "who": _named("service", record["service"])}
        found.append({**acting, "requestor": "user" not in record})
    if "address" in record or "user_agent" in record:
        found.append(_client(record))
    found.append({"type": _concept(_SERVER), "who": _named("service", record["producer"]), "requestor": False})
    return found


def _user(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": _concept(_USER),
        **({"role": [_role(role) for role in record["roles"]]} if "roles" in record else {}),
        "who": _named("user", record["user"]),
        "requestor": True,
        **({"policy": [f"urn:uuid:{record['session']}"]} if "session" in record else {}),
        **({"purposeOfUse": [_concept(_EMERGENCY)]} if "opening" in record else {}),
    }


def _role(role: str) -> dict[str, Any]:
    return {"coding": [{"system": "urn:dermfolio:role", "code": role}]}


def _client(record: Mapping[str, Any]) -> dict[str, Any]:
    client: dict[str, Any] = {"type": _concept(_CLIENT)}
    if "user_agent" in record:
        client["who"] = {"display": record["user_agent"]}
    client["requestor"] = False
    if "address" in record:
        client["network"] = {"address": record["address"], "type": _kind_of(record["address"])}
    return client


def _kind_of(address: str) -> str:
    try:
        ip_address(address)
    except ValueError:
        return _MACHINE
    return _IP


def _entities(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What it was done to, whom it is about, the request, and the record that it goes back to."""
    kind, id_ = record["object_kind"], record.get("object_id")
    found = [_entity(kind, id_, detail=_details(record))]
    found += [_entity("patient", patient) for patient in _patients(record) if (kind, id_) != ("patient", patient)]
    if "request_id" in record:
        found.append({"what": {"identifier": {"value": record["request_id"]}}, "type": _coding(_REQUEST_ID)})
    if "caused_by" in record:
        cause = _named("record", record["caused_by"])
        found.append({"what": cause, "type": _coding(_OTHER), "description": "The record that this goes back to"})
    return found


def _patients(record: Mapping[str, Any]) -> list[str]:
    """The patient that it belongs to, and those that a list showed."""
    shown = record.get("detail", {}).get("patients")
    ids = [record.get("patient"), *(shown if isinstance(shown, list) else [])]
    return list(dict.fromkeys(id_ for id_ in ids if isinstance(id_, str)))


def _entity(kind: str, id_: str | None, *, detail: list[dict[str, str]] | None = None) -> dict[str, Any]:
    known = ENTITIES.get(kind)
    return {
        **({} if id_ is None else {"what": _named(kind, id_)}),
        "type": _coding(known.type if known else _OTHER),
        **({"role": _coding(known.role)} if known else {}),
        **({"detail": detail} if detail else {}),
    }


def _details(record: Mapping[str, Any]) -> list[dict[str, str]]:
    members = {name: record[name] for name in _DETAILED if name in record}
    members |= {f"detail.{name}": value for name, value in record.get("detail", {}).items()}
    said = {name: value if isinstance(value, str) else _json(value) for name, value in members.items()}
    return [{"type": name, "valueString": value} for name, value in said.items() if name.strip() and value.strip()]


def resource(record: Mapping[str, Any]) -> dict[str, Any]:
    """The AuditEvent of a record."""
    pattern = _PATTERNS.get(record["event"], _UNKNOWN)
    own = {"system": "urn:dermfolio:event", "code": record["event"]}
    code = record.get("detail", {}).get("code")
    return {
        "resourceType": "AuditEvent",
        "id": record["id"],
        "type": _coding(pattern.type),
        "subtype": [*([_coding(pattern.subtype)] if pattern.subtype else []), own],
        "action": pattern.action or record["action"],
        "period": {"start": record["at"], "end": record["at"]},
        "recorded": record["recorded_at"],
        "outcome": _OUTCOMES[record["outcome"]],
        **({"outcomeDesc": code} if isinstance(code, str) and code.strip() else {}),
        "agent": _agents(record),
        "source": {
            **({"site": record["site"]} if "site" in record else {}),
            "observer": _named("service", record["producer"]),
            "type": [_coding(_SOURCE)],
        },
        "entity": _entities(record),
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _line(row: Any) -> str:
    return json.dumps(resource(json.loads(row["body"])), separators=(",", ":")) + "\n"  # ASCII: no stray line ends


FHIR = Form(_line)
