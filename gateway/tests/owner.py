"""What the miniature owners have in common, and who works at their sites."""

import asyncio
import base64
import os
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Handler
from dermfolio.common.errors import Unavailable
from dermfolio.contracts.messages import Request
from dermfolio.contracts.roles import Role

HOME, ELSEWHERE = uuid4(), uuid4()
PASSWORD = "right password"
PROVIDER_ADDRESS = "https://id.clinic.example/authorize?client_id=dermfolio&state=right-state"
GOOD_LINK = "good-link-good-link-good-link"
CODE = "123456"
"""What every authenticator app shows."""

USERS: dict[str, tuple[UUID, dict[UUID, list[Role]], list[Role]]] = {
    "clinician": (uuid4(), {HOME: [Role.CLINICIAN]}, []),
    "viewer": (uuid4(), {HOME: [Role.VIEWER]}, []),
    "stranger": (uuid4(), {ELSEWHERE: [Role.CLINICIAN]}, []),
    "both": (uuid4(), {HOME: [Role.CLINICIAN], ELSEWHERE: [Role.CLINICIAN]}, []),
    "admin": (uuid4(), {HOME: [Role.SITE_ADMIN]}, [Role.ADMIN]),
    "newcomer": (uuid4(), {HOME: [Role.CLINICIAN]}, []),
}


def random_token() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")


class Owner:
    """What owners have in common."""

    name: str

    def __init__(self) -> None:
        self.asked: list[tuple[Request[Any], Call]] = []
        self.down = False
        self.slow = 0.0
        self.garbled: bytes | None = None
        self.meet: dict[type[Request[Any]], asyncio.Barrier] = {}

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        raise NotImplementedError

    def answers(self) -> dict[type[Request[Any]], Handler]:
        """Its handlers, which take notes."""
        return {request: self._noting(handler) for request, handler in self.handlers().items()}

    def of(self, kind: type[Request[Any]]) -> list[Any]:
        """The requests of one kind so far."""
        return [request for request, _ in self.asked if isinstance(request, kind)]

    def calls(self, kind: type[Request[Any]]) -> list[Call]:
        """Who made the requests of one kind."""
        return [call for request, call in self.asked if isinstance(request, kind)]

    def _noting(self, handler: Handler) -> Handler:
        async def note(request: Request[Any], call: Call) -> Any:
            self.asked.append((request, call))
            if type(request) in self.meet:
                await self.meet[type(request)].wait()
            if self.slow:
                await asyncio.sleep(self.slow)
            if self.down:
                raise Unavailable("its database is down")
            if self.garbled is not None:
                return Answer(self.garbled)
            return await handler(request, call)

        return note
