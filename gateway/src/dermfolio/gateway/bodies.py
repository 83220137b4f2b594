"""JSON that people and programs send: bounded, strict, and never echoed."""

import asyncio
import json
import math
import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request

from dermfolio.common.errors import Refused
from dermfolio.gateway.problems import invalid

Model = TypeVar("Model", bound=BaseModel)

LIMIT_BYTES = 256 * 1024
SECONDS = 20.0
"""How long a body may take to arrive."""

DEPTH = 32
NUMBER_LENGTH = 32
LOC_LENGTH = 100

_UNFIT = re.compile("[\x00\ud800-\udfff]")
_JSON = re.compile(r"application/json\s*(;\s*charset=\"?utf-8\"?\s*)?", re.IGNORECASE)


class _NotAccepted(ValueError):  # noqa: N818
    """JSON, but not as it is accepted here."""


async def read_body(request: Request, model: type[Model]) -> Model:
    """Read and check a JSON body.

    Refused as `unsupported_media_type`, `too_large`, `upload_incomplete` or `invalid_request`; the faults name places,
    never values.
    """
    if not _JSON.fullmatch(request.headers.get("content-type", "")):
        raise Refused("unsupported_media_type")
    parsed = parse(await read_bytes(request, LIMIT_BYTES))
    try:
        return model.model_validate(parsed)
    except ValidationError as error:
        raise Refused("invalid_request", errors=faults(error, "body")) from None


async def read_optional_body(request: Request, model: type[Model]) -> Model:
    """The same, where a request without a body means an empty object."""
    headers = request.headers
    if headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers:
        return model()
    return await read_body(request, model)


def parse(raw: bytes) -> Any:
    """Parse strict JSON (RFC 8259 with RFC 7493's rules): UTF-8, no duplicate names, no NUL or lone surrogates, no
    numbers beyond what a double holds, at most `DEPTH` levels. Refused as `invalid_request`.
    """
    try:
        value = json.loads(
            raw.decode(), object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
        )
        _check(value, 1)
    except _NotAccepted as error:
        raise invalid("body", str(error)) from None
    except UnicodeDecodeError:
        raise invalid("body", "is not UTF-8") from None
    except (json.JSONDecodeError, RecursionError):
        raise invalid("body", "is not JSON") from None
    return value


def faults(error: ValidationError, place: str) -> list[dict[str, str]]:
    """What to correct, without any value that was sent."""
    found = error.errors(include_input=False, include_url=False, include_context=False)
    return [{"loc": ".".join([place, *map(str, e["loc"])])[:LOC_LENGTH], "msg": e["msg"]} for e in found[:20]]


async def read_bytes(request: Request, limit: int) -> bytes:
    """Read a small body. Refused as `too_large` or `upload_incomplete`."""
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > limit:
        raise Refused("too_large")
    body = bytearray()
    try:
        async with asyncio.timeout(SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise Refused("too_large")
    except (ClientDisconnect, TimeoutError):
        raise Refused("upload_incomplete") from None
    return bytes(body)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _NotAccepted("has a name twice in one object")
    return found


def _check(value: Any, depth: int) -> None:
    if isinstance(value, str):
        if _UNFIT.search(value):
            raise _NotAccepted("has a NUL or a lone surrogate in a string")
    elif isinstance(value, (dict, list)):
        if depth > DEPTH:
            raise _NotAccepted(f"is nested more than {DEPTH} levels deep")
        for part in value if isinstance(value, list) else (*value, *value.values()):
            _check(part, depth + 1)


def _integer(digits: str) -> int:
    if len(digits) > NUMBER_LENGTH:
        raise _NotAccepted("has a number that is out of range")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if len(digits) > NUMBER_LENGTH or not math.isfinite(value):
        raise _NotAccepted("has a number that is out of range")
    return value


def _constant(_: str) -> float:
    raise _NotAccepted("has NaN or Infinity, which are not JSON")
