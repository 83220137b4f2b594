"""Problem documents (RFC 9457): the one shape of every error."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from dermfolio.common.errors import Refused
from dermfolio.contracts.problems import PROBLEMS

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 2
"""When to come again, where nobody knows better."""

_PASSING = frozenset({"unavailable", "rate_limited"})

_OWN_MEMBERS = frozenset({"type", "title", "status", "detail", "code", "request_id"})


def document(code: str, request_id: str, facts: Mapping[str, Any]) -> bytes:
    """The JSON of a problem; `facts` are its further members."""
    problem = PROBLEMS[code]
    members = {
        "type": problem.type,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "request_id": request_id,
    }
    return json.dumps(members | {k: v for k, v in facts.items() if k not in _OWN_MEMBERS}).encode()


def answer(
    code: str, request_id: str, facts: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """The HTTP answer of a problem."""
    sent = {"Cache-Control": "no-store"} | dict(headers or {})
    if code in _PASSING:
        sent["Retry-After"] = str((facts or {}).get("retry_after", RETRY_SECONDS))
    return Response(document(code, request_id, facts or {}), PROBLEMS[code].status, sent, MEDIA_TYPE)


def invalid(loc: str, msg: str) -> Refused:
    """The refusal of a request whose part at `loc` has to be corrected."""
    return Refused("invalid_request", errors=[{"loc": loc, "msg": msg}])
