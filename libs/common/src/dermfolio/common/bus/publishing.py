"""Publishing into streams: the relay's half of the bus. Nothing else publishes what must not be lost."""

import asyncio
import base64
import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import nats.errors
import nats.js.errors
from nats.aio.msg import Msg

from dermfolio.common.bus import headers as h
from dermfolio.common.bus.connection import Connection
from dermfolio.common.errors import Unavailable
from dermfolio.contracts.messages import Live
from dermfolio.contracts.streams import STREAMS

ACK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message ready for the bus."""

    id: str
    subject: str
    payload: bytes
    traceparent: str | None


class Publisher:
    """Publishes with acknowledgement, many at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def publish(self, messages: Sequence[Outgoing]) -> list[int]:
        """Put messages into their streams; returns the stream sequence of each.

        Messages already there within the duplicate window are kept once. Raises Unavailable when the bus does not
        acknowledge every one of them.
        """
        await self._connection.wait(ACK_SECONDS)
        try:
            return await asyncio.gather(*(self._one(m) for m in messages))
        except (nats.errors.Error, nats.js.errors.Error, TimeoutError, OSError) as error:
            raise Unavailable(f"bus: {type(error).__name__}") from error

    async def kept(self, stream: str, seq: int, message_id: str) -> bool:
        """Whether the stream still keeps this message at this sequence. Raises Unavailable when it cannot tell."""
        await self._connection.wait(ACK_SECONDS)
        try:
            reply = await self._connection.client.request(
                f"$JS.API.STREAM.MSG.GET.{stream}", json.dumps({"seq": seq}).encode(), timeout=ACK_SECONDS
            )
        except (nats.errors.Error, OSError) as error:
            raise Unavailable(f"bus: {type(error).__name__}") from error
        return _holds(reply, message_id)

    async def hint(self, live: Live) -> None:
        """Say something that may be lost; silent when the bus is down."""
        if self._connection.connected:
            with contextlib.suppress(nats.errors.Error):  # lost since, and not noticed yet
                await self._connection.publish(live.subject, live.model_dump_json().encode())

    async def _one(self, message: Outgoing) -> int:
        headers = {h.MESSAGE_ID: message.id}
        if message.traceparent:
            headers["traceparent"] = message.traceparent
        ack = await self._connection.client.jetstream(timeout=ACK_SECONDS).publish(
            message.subject, message.payload, headers=headers
        )
        return ack.seq


def _holds(reply: Msg, message_id: str) -> bool:
    answer = json.loads(reply.data)
    if "error" in answer:
        if answer["error"].get("code") == 404:
            return False
        raise Unavailable(f"bus: {answer['error'].get('description', 'error')}")
    raw = answer["message"].get("hdrs")
    if raw is None:
        return False
    return f"{h.MESSAGE_ID}: {message_id}" in base64.b64decode(raw).decode()


def stream_of(subject: str) -> str:
    """Name the stream that keeps a subject."""
    kind = subject.split(".", 1)[0]
    return next(s.name for s in STREAMS if s.subjects[0].startswith(f"{kind}."))
