"""The API's description: OpenAPI 3.1, from the operations and the views."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from dermfolio.contracts.views import live
from dermfolio.contracts.views.problems import ProblemView
from dermfolio.gateway.operations import Operation

TITLE = "Dermfolio"
VERSION = "1"
ABOUT = """Clinical photography for dermatology.

Sign in with `POST /api/v1/session`; the answer sets a cookie and returns a token that every change needs in the
`X-CSRF-Token` header. Integrations send an API token of their user (`POST /api/v1/account/tokens`) as `Authorization:
Bearer` instead, and need neither. Every error is a problem document (RFC 9457). Live updates come over the WebSocket
`/ws`; its messages are the schemas `SocketHears` (client to gateway) and `SocketSays` (gateway to client).
"""
_REFS = "#/components/schemas/{model}"


def describe(api: FastAPI, operations: Sequence[Operation]) -> dict[str, Any]:
    """The OpenAPI document of an application with these operations."""
    document = api.openapi()
    taken = {o.body for o in operations if o.body is not None}
    given = {s.view for o in operations for s in o.successes.values() if s.view is not None} | {ProblemView}
    _, schemas = models_json_schema(
        [(view, "validation") for view in taken] + [(view, "serialization") for view in given],
        ref_template=_REFS,
    )
    components = document.setdefault("components", {})
    components["schemas"] = dict(sorted((schemas["$defs"] | _socket_messages()).items()))
    components["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": "__Host-dermfolio"},
        "token": {"type": "http", "scheme": "bearer", "description": "An API token."},
        "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
    }
    return document


def _socket_messages() -> dict[str, Any]:
    hears: TypeAdapter[Any] = TypeAdapter(live.SocketHears)
    says: TypeAdapter[Any] = TypeAdapter(live.SocketSays)
    found: dict[str, Any] = {}
    for name, schema in (
        ("SocketHears", hears.json_schema(ref_template=_REFS, mode="validation")),
        ("SocketSays", says.json_schema(ref_template=_REFS, mode="serialization")),
    ):
        found |= schema.pop("$defs")
        found[name] = schema
    return found
