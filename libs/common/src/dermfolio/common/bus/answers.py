"""Answering: a handler per request type, in a queue group named after the owner."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import nats.errors
import structlog
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from opentelemetry import trace
from pydantic import BaseModel, ValidationError

from dermfolio.common.auth import ActorVerifier, Call
from dermfolio.common.bus import headers as h
from dermfolio.common.bus.connection import Connection
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.metrics import HANDLED, HANDLING_SECONDS, IN_FLIGHT
from dermfolio.common.tracing import span
from dermfolio.contracts.messages import Request
from dermfolio.contracts.permissions import INBOX

log = structlog.get_logger()

Reply = TypeVar("Reply", bound=BaseModel)

LIMIT = 64
"""Requests handled at once by a process; the rest wait in the client."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[Reply]):
    """A reply as the bytes of its JSON, with an HTTP status and the version of the resource."""

    body: bytes
    status: int = 200
    version: int | None = None


Handler = Callable[[Any, Call], Awaitable[BaseModel | Answer[Any]]]
"""`async def handler(request, call)`: returns the request's reply, or an Answer that already is JSON."""


class Answers:
    """The answering side of a connection."""

    def __init__(
        self,
        connection: Connection,
        verifier: ActorVerifier,
        handlers: Mapping[type[Request[Any]], Handler],
        *,
        on_refused: Callable[[type[Request[Any]], Any, Call, Refused], Awaitable[None]] | None = None,
        limit: int = LIMIT,
    ) -> None:
        self._connection = connection
        self._verifier = verifier
        self._handlers = handlers
        self._on_refused = on_refused
        self._slots = asyncio.Semaphore(limit)
        self._subscriptions: list[Subscription] = []
        self._at_work: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Answers":
        for request, handler in self._handlers.items():
            self._subscriptions.append(
                await self._connection.subscribe(
                    request.subject, self._spawner(request, handler), queue=request.owner()
                )
            )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Take no more, finish what is in flight."""
        if self._connection.connected:
            await asyncio.gather(*map(_drained, self._subscriptions), return_exceptions=True)
        if self._at_work:
            await asyncio.wait(self._at_work, timeout=8)

    def _spawner(self, request: type[Request[Any]], handler: Handler) -> Callable[[Msg], None]:
        def heard(msg: Msg) -> None:
            if not msg.reply.startswith(INBOX):
                # who answers may publish to whatever place the question names, and the server asks nobody else
                log.warning("answer.no_inbox", subject=request.subject)
                HANDLED.labels(request.subject, "no_inbox").inc()
                return
            task = asyncio.create_task(self._one(request, handler, msg))
            self._at_work.add(task)
            task.add_done_callback(self._at_work.discard)

        return heard

    async def _one(self, request: type[Request[Any]], handler: Handler, msg: Msg) -> None:
        headers = msg.headers or {}
        async with self._slots:
            began = time.perf_counter()
            with (
                IN_FLIGHT.labels("rpc").track_inprogress(),
                span(f"answer {request.subject}", trace.SpanKind.SERVER, headers),
                structlog.contextvars.bound_contextvars(request_id=headers.get(h.REQUEST_ID)),
            ):
                try:
                    outcome = await self._answer(request, handler, msg, headers)
                except nats.errors.Error as error:
                    outcome = "unsent"  # who asked finds out by waiting, and asks again if that is harmless
                    log.warning("answer.unsent", subject=request.subject, error=type(error).__name__)
            HANDLING_SECONDS.labels(request.subject).observe(time.perf_counter() - began)
            HANDLED.labels(request.subject, outcome).inc()

    async def _answer(self, request: type[Request[Any]], handler: Handler, msg: Msg, headers: dict[str, str]) -> str:
        try:
            call = Call(
                self._verifier.verify(headers.get(h.ACTOR)),
                headers.get(h.REQUEST_ID),
                headers.get(h.ADDRESS),
                h.user_agent(headers),
                headers.get(h.ACTOR),
            )
            asked = _parsed(request, msg.data)
            try:
                answered = await handler(asked, call)
            except Refused as refusal:
                if self._on_refused is not None:
                    await self._on_refused(request, asked, call, refusal)
                raise
            await self._reply(msg, answered)
        except Refused as refusal:
            return await self._reply_error(msg, refusal.code, refusal.problem.title, refusal.facts)
        except Unavailable as error:
            log.warning("answer.unavailable", subject=request.subject, cause=str(error))
            return await self._reply_error(msg, "unavailable", "Temporarily unavailable", {})
        except Exception:
            log.exception("answer.failed", subject=request.subject)
            return await self._reply_error(msg, "internal", "Internal error", {})
        return "ok"

    async def _reply(self, msg: Msg, answered: BaseModel | Answer[Any]) -> None:
        headers = None
        if isinstance(answered, Answer):
            body = answered.body
            headers = {h.STATUS: str(answered.status)}
            if answered.version is not None:
                headers[h.VERSION] = str(answered.version)
        else:
            body = answered.model_dump_json().encode()
        await self._connection.publish(msg.reply, body, headers=headers)

    async def _reply_error(self, msg: Msg, code: str, title: str, facts: dict[str, Any]) -> str:
        body = json.dumps(facts, default=str).encode() if facts else b""
        await self._connection.publish(msg.reply, body, headers={h.ERROR_CODE: code, h.ERROR: title})
        return code


def _parsed(request: type[Request[Any]], payload: bytes) -> Request[Any]:
    """Read a request; a handler's own ValidationError is a fault of ours, this one the caller's."""
    try:
        return request.model_validate_json(payload)
    except ValidationError as error:
        faults = [{"loc": ".".join(map(str, e["loc"])), "msg": e["msg"]} for e in error.errors(include_input=False)]
        raise Refused("invalid_request", errors=faults[:20]) from error


async def _drained(subscription: Subscription) -> None:
    await subscription.drain()  # type: ignore[no-untyped-call]
