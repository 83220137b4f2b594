"""The trail as FHIR R4 AuditEvent: each resource has the elements that R4 knows, as often as R4 allows."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, get_args
from uuid import uuid4

import pytest

from dermfolio.audit.forms import FORMS
from dermfolio.audit.forms.fhir import resource
from dermfolio.common.bus import Requests
from dermfolio.common.testing import Ground
from dermfolio.contracts.messages import Action
from dermfolio.contracts.replay import Origin
from dermfolio.contracts.views.audit import Outcome
from dermfolio.contracts.vocabulary import OF_GATEWAY, VOCABULARY

from .test_export import AUDITOR, exported

if TYPE_CHECKING:
    from services.audit.tests.conftest import Producers, Trail

pytestmark = pytest.mark.req("AUD-4")

IDS = [str(uuid4()) for _ in range(6)]

ID = r"[A-Za-z0-9\-\.]{1,64}"
CODE = r"[^\s]+(\s[^\s]+)*"
STRING = r"[ \r\n\t\S]+"
URI = r"\S+"
INSTANT = r"\d{4}-(0[1-9]|1[0-2])-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"

CODING = {"system": ("0..1", URI), "code": ("0..1", CODE), "display": ("0..1", STRING)}
CONCEPT = {"coding": ("0..*", CODING), "text": ("0..1", STRING)}
IDENTIFIER = {"system": ("0..1", URI), "value": ("0..1", STRING)}
REFERENCE = {"reference": ("0..1", STRING), "identifier": ("0..1", IDENTIFIER), "display": ("0..1", STRING)}

AUDIT_EVENT: dict[str, Any] = {
    "resourceType": ("1..1", "AuditEvent"),
    "id": ("0..1", ID),
    "type": ("1..1", CODING),
    "subtype": ("0..*", CODING),
    "action": ("0..1", "[CRUDE]"),
    "period": ("0..1", {"start": ("0..1", INSTANT), "end": ("0..1", INSTANT)}),
    "recorded": ("1..1", INSTANT),
    "outcome": ("0..1", "0|4|8|12"),
    "outcomeDesc": ("0..1", STRING),
    "agent": (
        "1..*",
        {
            "type": ("0..1", CONCEPT),
            "role": ("0..*", CONCEPT),
            "who": ("0..1", REFERENCE),
            "name": ("0..1", STRING),
            "requestor": ("1..1", bool),
            "policy": ("0..*", URI),
            "network": ("0..1", {"address": ("0..1", STRING), "type": ("0..1", "[1-5]")}),
            "purposeOfUse": ("0..*", CONCEPT),
        },
    ),
    "source": ("1..1", {"site": ("0..1", STRING), "observer": ("1..1", REFERENCE), "type": ("0..*", CODING)}),
    "entity": (
        "0..*",
        {
            "what": ("0..1", REFERENCE),
            "type": ("0..1", CODING),
            "role": ("0..1", CODING),
            "description": ("0..1", STRING),
            "detail": ("0..*", {"type": ("1..1", STRING), "valueString": ("1..1", STRING)}),
        },
    ),
}
"""What R4 (4.0.1) says of the elements that are used: how often, and of what kind."""


def faults(value: Any, kind: Any, place: str) -> list[str]:
    """Where a value is not what R4 says."""
    if kind is bool:
        return [] if isinstance(value, bool) else [f"{place}: no boolean"]
    if isinstance(kind, str):
        return [] if isinstance(value, str) and re.fullmatch(kind, value, re.ASCII) else [f"{place}: {value!r}"]
    if not isinstance(value, dict) or not value:
        return [f"{place}: no element"]
    found = [f"{place}.{name}: unknown" for name in value.keys() - kind.keys()]
    for name, (often, inner) in kind.items():
        least, most = often.split("..")
        if name not in value:
            found += [f"{place}.{name}: missing"] if least == "1" else []
            continue
        many = value[name] if most == "*" else [value[name]]
        found += [] if isinstance(many, list) and many else [f"{place}.{name}: no list"]
        for each in many:
            found += faults(each, inner, f"{place}.{name}")
    return found


def record(**members: Any) -> dict[str, Any]:
    """A record of a user who saw a photograph by an emergency access."""
    return {
        "v": 1,
        "position": 7,
        "producer": "images",
        "seq": 3,
        "id": IDS[0],
        "at": "2026-03-01T12:30:00.000005Z",
        "recorded_at": "2026-03-01T12:30:01.000000Z",
        "event": "images.viewed",
        "action": "R",
        "outcome": "success",
        "user": IDS[1],
        "session": IDS[2],
        "roles": ["clinician", "viewer"],
        "opening": IDS[3],
        "site": IDS[4],
        "patient": IDS[5],
        "object_kind": "image",
        "object_id": IDS[0],
        "address": "2001:db8::7",
        "user_agent": "Browser/1 ü",
        "request_id": "1f0c9a3b7d52-2a",
        "caused_by": IDS[0],
        "detail": {"images": IDS[:2], "code": "forbidden", "empty": "", "n": 1, "none": {}},
        **members,
    }


@pytest.mark.parametrize("name", [*(event.name() for event in VOCABULARY), *OF_GATEWAY, "images.of_tomorrow"])
def test_a_record_of_every_event_is_an_audit_event_of_r4(name: str) -> None:
    for outcome in get_args(Outcome):
        for action in get_args(Action):
            made = resource(record(event=name, outcome=outcome, action=action))
            assert faults(made, AUDIT_EVENT, "AuditEvent") == []


def test_a_record_that_says_least_is_one_too() -> None:
    always = {
        "v",
        "position",
        "producer",
        "seq",
        "id",
        "at",
        "recorded_at",
        "event",
        "action",
        "outcome",
        "object_kind",
    }
    for more in ({}, {"service": "gateway"}, {"address": "reception-2"}, {"user_agent": "x"}, {"object_id": "rpc.x.y"}):
        made = resource({name: value for name, value in record().items() if name in always} | more)
        assert faults(made, AUDIT_EVENT, "AuditEvent") == []


def test_it_says_who_did_what_to_whom_from_where_and_by_what_right() -> None:
    made = resource(record(event="images.original_downloaded", outcome="denied"))
    user, client, server = made["agent"]
    assert user["who"]["identifier"] == {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{IDS[1]}"}
    assert [role["coding"][0]["code"] for role in user["role"]] == ["clinician", "viewer"]
    assert user["purposeOfUse"][0]["coding"][0]["code"] == "BTG"
    assert user["policy"] == [f"urn:uuid:{IDS[2]}"]
    assert [agent["requestor"] for agent in made["agent"]] == [True, False, False]
    assert client["network"] == {"address": "2001:db8::7", "type": "2"}
    assert client["who"] == {"display": "Browser/1 ü"}
    assert server["who"]["identifier"]["value"] == made["source"]["observer"]["identifier"]["value"] == "images"
    assert (made["type"]["code"], made["outcome"], made["outcomeDesc"]) == ("110106", "4", "forbidden")
    assert {"system": "urn:dermfolio:event", "code": "images.original_downloaded"} in made["subtype"]
    assert (made["recorded"], made["source"]["site"]) == ("2026-03-01T12:30:01.000000Z", IDS[4])
    image, patient, request, cause = made["entity"]
    assert (image["type"]["code"], image["role"]["code"]) == ("2", "4")
    assert (patient["type"]["code"], patient["role"]["code"]) == ("1", "1")
    assert patient["what"]["identifier"]["value"] == f"urn:uuid:{IDS[5]}"
    assert request["what"]["identifier"]["value"] == "1f0c9a3b7d52-2a"
    assert cause["what"]["identifier"]["value"] == f"urn:uuid:{IDS[0]}"
    detail = {each["type"]: each["valueString"] for each in image["detail"]}
    assert detail["position"] == "7"
    assert json.loads(detail["detail.images"]) == IDS[:2]


def test_a_search_is_executed_and_names_every_patient_that_it_showed_once() -> None:
    made = resource(
        record(
            event="patients.listed",
            object_kind="patient",
            object_id=IDS[1],
            detail={"patients": IDS[1:4]},
            patient=IDS[1],
        )
    )
    assert made["action"] == "E"
    patients = [e["what"]["identifier"]["value"] for e in made["entity"] if e.get("role", {}).get("code") == "1"]
    assert patients == [f"urn:uuid:{id_}" for id_ in IDS[1:4]]


def test_a_service_that_acts_by_itself_is_who_asked() -> None:
    service, server = resource(
        {k: v for k, v in record(service="images").items() if k not in {"user", "address", "user_agent"}}
    )["agent"]
    assert (service["who"]["identifier"]["value"], service["requestor"]) == ("images", True)
    assert server["requestor"] is False


async def test_an_export_of_a_real_trail_is_one_resource_per_line(
    audit: Requests, ground: Ground, trail: Trail, producers: Producers
) -> None:
    origin = Origin(user=uuid4(), session=uuid4(), roles=["clinician"], address="192.0.2.7", request_id="r-1")
    for event in ("viewed", "never_heard_of", "denied"):
        producers.patients.say(event, origin, patient=str(uuid4()), site=str(uuid4()), note='"\\\u2028')
    await trail.take_up(producers.patients)
    text, count = await exported(audit, ground, AUDITOR, "fhir")
    made = [json.loads(line) for line in text.splitlines()]
    assert len(made) == count == 3
    assert [fault for each in made for fault in faults(each, AUDIT_EVENT, "AuditEvent")] == []
    assert FORMS["fhir"].head == ""
