"""Asking as somebody, and the whole answer: what differs between two answers differs in the system."""

import json
from dataclasses import dataclass, field
from secrets import token_hex

from dermfolio.gateway import openapi
from dermfolio.gateway.operations import PREFIX, Operation
from dermfolio.gateway.problems import MEDIA_TYPE
from dermfolio.ops.api_client import Api

from .outcomes import Place, Row, Verdict, Who
from .two_sites import World

OPERATIONS: dict[str, Operation] = {o.id: o for o in openapi.unconnected().operations}
"""What the gateway offers, by id."""

_OF_THE_REQUEST = frozenset({b"date", b"x-request-id"})


@dataclass(frozen=True)
class Answer:
    """An answer without what belongs to its request alone: its id, and the time."""

    verdict: Verdict
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes = field(repr=False)
    request_id: str = field(compare=False)


async def ask(world: World, who: Who, operation: Operation, row: Row, place: Place) -> Answer:
    """Ask for an operation on one target."""
    if who is None or not row.uses_up_session:
        return await ask_as(world.apis[who], world, who, operation, row, place)
    async with Api(world.url) as api:
        await api.sign_in(world.logins[who], world.password)
        answer = await ask_as(api, world, who, operation, row, place)
    if row.uses_up_every_session:
        await world.apis[who].sign_in(world.logins[who], world.password)
    return answer


async def ask_as(
    api: Api, world: World, who: Who, operation: Operation, row: Row, place: Place, *, confirmed: bool = True
) -> Answer:
    """Ask in a certain session; `confirmed`: with its CSRF token."""
    headers = {
        **row.headers,
        "X-Request-Id": token_hex(16),
    }  # always as long, because the answer's Content-Length counts it
    if row.adds_up:
        headers["Idempotency-Key"] = token_hex(16)
    if api.session is not None and confirmed:
        headers["X-CSRF-Token"] = api.session.csrf_token
    data = None
    if row.body is not None:
        data, headers["Content-Type"] = json.dumps(row.body(world, who, place)).encode(), "application/json"
    elif row.content is not None:
        data, headers["Content-Type"] = row.content(world, place), "image/jpeg"
    ids = {**row.path, **place}
    async with api.http.request(
        operation.method,
        PREFIX + operation.path.format_map(ids),
        params={parameter: str(ids[name]) for parameter, name in row.query.items()},
        headers=headers,
        data=data,
        allow_redirects=False,
    ) as answer:
        body = await answer.read()
        return Answer(
            verdict=json.loads(body)["code"] if answer.content_type == MEDIA_TYPE else answer.status,
            status=answer.status,
            headers=tuple((n.lower(), v) for n, v in answer.raw_headers if n.lower() not in _OF_THE_REQUEST),
            body=body.replace(headers["X-Request-Id"].encode(), b""),
            request_id=headers["X-Request-Id"],
        )
