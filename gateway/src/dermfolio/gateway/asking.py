"""Owners' replies as HTTP answers: their bytes, their status, their version, unparsed."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from dermfolio.common.bus import Answer

NO_STORE = {"Cache-Control": "no-store"}


def passed_on(answer: Answer[Any], *, status: int | None = None, headers: Mapping[str, str] | None = None) -> Response:
    """The HTTP answer of an owner's reply. A version becomes a strong ETag."""
    sent = NO_STORE | dict(headers or {})
    if answer.version is not None:
        sent["ETag"] = f'"{answer.version}"'
    return Response(answer.body, status or answer.status, sent, "application/json")
