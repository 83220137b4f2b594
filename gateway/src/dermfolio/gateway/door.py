"""The outermost layer of every HTTP request: its id, its errors as problem documents, security headers, access log."""

import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

import structlog
from opentelemetry import trace
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dermfolio.common.blobs import BlobMissing
from dermfolio.common.bus import Position
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.sealing import Tampered
from dermfolio.gateway import problems
from dermfolio.gateway.metrics import REQUEST_SECONDS
from dermfolio.gateway.unread import Body
from dermfolio.gateway.visits import REQUEST_ID

log = structlog.get_logger()

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_PROCESS = secrets.token_hex(6)
_numbers = count(1)

SECURITY_HEADERS = {
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
LIVE_CURSOR = b"live-cursor"
"""Where to subscribe from, so that nothing that happens after what an answer shows is missed."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
HSTS = {"strict-transport-security": "max-age=31536000"}


@dataclass(slots=True)
class _Exchange:
    """One request and what became of it."""

    request_id: str
    position: Position
    """Of the live events, when it came: what it is shown holds what had happened by then."""

    began: float = field(default_factory=time.perf_counter)
    status: int = 0


class Door:
    """ASGI application around the routes."""

    def __init__(
        self, routes: ASGIApp, position: Callable[[], Position], *, secure: bool, traced: bool = False
    ) -> None:
        """`position` is how far the live events have been read; `secure`: the public address is https; `traced`: spans
        are exported, so that making them is worth it.
        """
        self._routes = routes
        self._position = position
        self._tracer = trace.get_tracer(__name__) if traced else None
        fixed = SECURITY_HEADERS | (HSTS if secure else {})
        self._fixed = [(name.encode(), value.encode()) for name, value in fixed.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens inside."""
        if scope["type"] == "websocket":
            scope[REQUEST_ID] = _request_id(Headers(scope=scope))
            await self._routes(scope, receive, send)
            return
        headers = Headers(scope=scope)
        exchange = _Exchange(_request_id(headers), self._position())
        scope[REQUEST_ID] = exchange.request_id
        body = _body(headers, receive, send)
        if body is not None:
            receive, send = body.receive, body.send

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                given = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(field for field in self._fixed if field[0] not in given),
                    (b"x-request-id", exchange.request_id.encode()),
                ]
                if exchange.status < 300 and exchange.position.epoch and scope["path"].startswith("/api/"):
                    message["headers"].append((LIVE_CURSOR, str(exchange.position).encode()))
            await send(message)

        try:
            await self._routed(scope, receive, answer)
        except Exception as error:  # noqa: BLE001 - every error has its answer, and nothing of it leaves
            refusal = _answer_to(error, exchange.request_id)
            if exchange.status:
                # the answer is under way: ending without completing it makes the server cut the connection
                log.warning("http.cut", request_id=exchange.request_id, cause=type(error).__name__)
            elif refusal is not None:
                await refusal(scope, receive, answer)
        _note(scope, exchange)

    async def _routed(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._tracer is None:
            await self._routes(scope, receive, send)
            return
        with self._tracer.start_as_current_span(scope["method"], kind=trace.SpanKind.SERVER) as span:
            try:
                await self._routes(scope, receive, send)
            finally:
                route = _route(scope)
                span.update_name(f"{scope['method']} {route}")
                span.set_attributes({"http.request.method": scope["method"], "http.route": route})


def _request_id(headers: Headers) -> str:
    sent = headers.get("x-request-id")
    return sent if sent is not None and _REQUEST_ID.fullmatch(sent) else f"{_PROCESS}-{next(_numbers):x}"


def _body(headers: Headers, receive: Receive, send: Send) -> Body | None:
    """The body that a request announces."""
    length = headers.get("content-length")
    if "transfer-encoding" not in headers and (length is None or length == "0"):
        return None
    announced = int(length) if length is not None and length.isdigit() else None
    return Body(receive, send, length=announced, expects_continue="expect" in headers)


def _answer_to(error: Exception, request_id: str) -> Response | None:
    """The answer to an error; None where nobody is there to read it."""
    code, facts, headers = "internal", None, None
    match error:
        case ClientDisconnect():
            return None
        case Refused():
            code, facts = error.code, error.facts
        case HTTPException(status_code=405):
            code, headers = "method_not_allowed", error.headers
        case Unavailable():
            code = "unavailable"
            log.warning("http.unavailable", request_id=request_id, cause=str(error))
        case Tampered() | BlobMissing():
            code = "damaged"
            log.error("http.damaged", request_id=request_id, cause=type(error).__name__)
        case _:
            log.error("http.failed", request_id=request_id, exc_info=error)
    return problems.answer(code, request_id, facts, headers)


def _route(scope: Scope) -> str:
    """The template of the address: it holds no id."""
    return str(getattr(scope.get("route"), "path", "none"))


def _note(scope: Scope, exchange: _Exchange) -> None:
    seconds = time.perf_counter() - exchange.began
    method, route, status = scope["method"], _route(scope), exchange.status
    known = method if method in METHODS else "other"
    REQUEST_SECONDS.labels(known, route, status).observe(seconds)
    log.info(
        "http.answered",
        method=known,
        route=route,
        status=status,
        ms=round(seconds * 1000, 1),
        request_id=exchange.request_id,
    )
