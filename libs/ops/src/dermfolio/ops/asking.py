"""Asking the running services on the bus, as `ops`."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from pydantic import BaseModel

from dermfolio.common.auth import ActorSigner
from dermfolio.common.bus import Connection, Requests
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.common.settings import Settings, key_bytes
from dermfolio.contracts.messages import Request

OPERATORS = "ops"
CONNECT_SECONDS = 15.0

Reply = TypeVar("Reply", bound=BaseModel)
Answer = TypeVar("Answer")


class NotAnsweredError(Exception):
    """A command got no answer; says in a sentence why."""


class OperatorSettings(Settings):
    """What it takes to ask on the bus as `ops`; a command has no health port."""

    health_port: int = 0


@asynccontextmanager
async def asking(settings: OperatorSettings) -> AsyncIterator[Requests]:
    """Ask several things, one after the other. Raises TimeoutError when the bus is not reached."""
    connection = Connection(settings.nats_url, OPERATORS, settings.nats_password.get_secret_value())
    async with asyncio.timeout(CONNECT_SECONDS):
        await connection.__aenter__()
    try:
        async with Requests(connection, ActorSigner(OPERATORS, key_bytes(settings.signing_key))) as requests:
            yield requests
    finally:
        await connection.__aexit__(None, None, None)


async def asked(settings: OperatorSettings, request: Request[Reply]) -> Reply:
    """The answer to a request. Raises Refused, Unavailable, or TimeoutError when the bus is not reached."""
    async with asking(settings) as requests:
        return await requests.ask(request)


def answered(asking: Coroutine[Any, Any, Answer]) -> Answer:
    """What a command asks for, to its end. Raises NotAnsweredError."""
    try:
        return asyncio.run(asking)
    except (Unavailable, TimeoutError) as error:
        raise NotAnsweredError(f"{error or 'the bus is not reachable'}.") from error
    except Refused as refusal:
        raise NotAnsweredError(refusal.problem.detail) from refusal
