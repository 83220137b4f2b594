"""Asking: a typed request, one typed reply, errors by their code. Waits out short outages of the bus or the owner."""

import asyncio
import itertools
import json
import time
from typing import TypeVar

import nats.errors
from nats.aio.msg import Msg
from opentelemetry import trace
from pydantic import BaseModel

from dermfolio.common.auth import ActorSigner, Call
from dermfolio.common.bus import headers as h
from dermfolio.common.bus.answers import Answer
from dermfolio.common.bus.connection import Connection
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.tracing import span
from dermfolio.contracts.messages import Request
from dermfolio.contracts.problems import PROBLEMS

Reply = TypeVar("Reply", bound=BaseModel)

PATIENCE = 15.0
"""Seconds that a request outlives an outage before its caller is told `Unavailable`."""

_AGAIN = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8)


class _Lost(Exception):  # noqa: N818
    """The request or its reply may be lost."""


class Requests:
    """The asking side of a connection: one inbox, replies matched by token."""

    def __init__(self, connection: Connection, signer: ActorSigner, *, patience: float = PATIENCE) -> None:
        self._connection = connection
        self._signer = signer
        self._patience = patience
        self._waiting: dict[str, asyncio.Future[Msg]] = {}
        self._counter = itertools.count()
        self._inbox = ""

    async def __aenter__(self) -> "Requests":
        self._inbox = f"{self._connection.client.new_inbox()}."
        await self._connection.subscribe(f"{self._inbox}*", self._heard)
        self._connection.when_down(self._abandon)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._abandon()

    async def ask(self, request: Request[Reply], call: Call | None = None) -> Reply:
        """Return the reply, parsed. Raises Refused with the owner's problem, or Unavailable."""
        answer = await self.ask_raw(request, call)
        return request.reply.model_validate_json(answer.body)  # type: ignore[return-value] # the class's own reply

    async def ask_raw(self, request: Request[Reply], call: Call | None = None) -> Answer[Reply]:
        """Return the reply as bytes with its status and version, for passing on without parsing.

        It is asked in the name of the call's actor; without one, this service asks for itself.
        """
        subject, payload = request.subject, request.model_dump_json().encode()
        with span(f"ask {subject}", trace.SpanKind.CLIENT):
            headers = h.outgoing((call and call.token) or self._signer.own(), call)
            deadline = time.monotonic() + max(self._patience, request.timeout)
            for attempt in itertools.count():
                try:
                    msg = await self._once(subject, payload, headers, min(request.timeout, deadline - time.monotonic()))
                    return _opened(msg, subject)
                except Unavailable:
                    if not request.repeatable or not await _pause(attempt, deadline):
                        raise
                except _Lost:
                    if not request.repeatable or not await _pause(attempt, deadline):
                        raise Unavailable(f"no answer: {subject}") from None
                except _NobodyThereError:
                    if not await _pause(attempt, deadline):
                        raise Unavailable(f"nobody answers: {subject}") from None
        raise AssertionError("unreachable")

    async def _once(self, subject: str, payload: bytes, headers: dict[str, str], seconds: float) -> Msg:
        await self._connection.wait(max(seconds, 0.001))
        token = f"{next(self._counter):x}"
        future: asyncio.Future[Msg] = asyncio.get_running_loop().create_future()
        self._waiting[token] = future
        try:
            await self._connection.publish(subject, payload, reply=self._inbox + token, headers=headers)
            async with asyncio.timeout(max(seconds, 0.001)):
                msg = await future
        except TimeoutError:
            raise _Lost from None
        except nats.errors.Error as error:
            raise Unavailable(f"bus: {type(error).__name__}") from error
        finally:
            self._waiting.pop(token, None)
        if not msg.data and msg.headers and msg.headers.get("Status") == "503":
            raise _NobodyThereError
        return msg

    def _heard(self, msg: Msg) -> None:
        future = self._waiting.get(msg.subject[len(self._inbox) :])
        if future is not None and not future.done():
            future.set_result(msg)

    def _abandon(self) -> None:
        """The server is gone, and with it the replies under way."""
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(_Lost())


class _NobodyThereError(Exception):
    """No process answers this subject now; the request was certainly not handled."""


async def _pause(attempt: int, deadline: float) -> bool:
    delay = _AGAIN[min(attempt, len(_AGAIN) - 1)]
    if time.monotonic() + delay >= deadline:
        return False
    await asyncio.sleep(delay)
    return True


def _opened(msg: Msg, subject: str) -> Answer[Reply]:
    headers = msg.headers or {}
    code = headers.get(h.ERROR_CODE)
    if code == "unavailable":
        raise Unavailable(f"the owner of {subject} cannot reach what it needs")
    if code is not None:
        facts = json.loads(msg.data) if msg.data else {}
        raise Refused(code if code in PROBLEMS else "internal", **facts)
    version = headers.get(h.VERSION)
    return Answer(msg.data, int(headers.get(h.STATUS, "200")), int(version) if version else None)
