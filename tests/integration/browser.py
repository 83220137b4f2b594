"""Somebody at a browser: whatever fails for a while is tried again, at any gateway, until there is an answer."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self, TypeVar

import aiohttp

from dermfolio.ops.api_client import Api, ApiProblem

T = TypeVar("T")

TRY_SECONDS = 40.0
"""One try; a gateway gives up after 15 s without an owner."""

PATIENCE_SECONDS = 600.0
"""After this long without an answer, something is stuck: three servers may be away for three minutes each, one right
after the other.
"""

_TRANSIENT = {429, 502, 503, 504}
"""Rate-limited too: a sign-in that a fault cut off is counted like a guess."""

_SEND_AGAIN = "upload_incomplete"
_TIRING = (0.05, 0.1, 0.2, 0.5, 1.0)


class StuckError(Exception):
    """Nobody answered in time."""


class Browser:
    """One user, signed in at every gateway. `faults` counts what was tried again, by kind."""

    def __init__(self, gateways: Sequence[str], login: str, password: str, seed: int = 0) -> None:
        self.apis = [Api(url, seconds=TRY_SECONDS) for url in gateways]
        self.faults: Counter[str] = Counter()
        self._login, self._password = login, password
        self._random = random.Random(seed)
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for api in self.apis:
            await self._open.enter_async_context(api)
            await self.insist(lambda a: a.sign_in(self._login, self._password), at=api)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    def secrets(self) -> set[str]:
        """Tokens of its sessions."""
        tokens = {cookie.value for api in self.apis for cookie in api.http.cookie_jar}
        return tokens | {api.session.csrf_token for api in self.apis if api.session is not None}

    def any(self) -> Api:
        """Any gateway."""
        return self._random.choice(self.apis)

    async def insist(self, do: Callable[[Api], Awaitable[T]], *, at: Api | None = None, first: Api | None = None) -> T:
        """Try until there is an answer, at one gateway or each time at any, or only `first` at a certain one.

        Raises ApiProblem with an answer that is no use trying again, StuckError when there is none in time.
        """
        began = time.monotonic()
        tries = 0
        while True:
            try:
                async with asyncio.timeout(TRY_SECONDS):
                    return await do(at or (first if tries == 0 else None) or self.any())
            except ApiProblem as problem:
                if problem.status not in _TRANSIENT and problem.code != _SEND_AGAIN:
                    raise
                fault = f"{problem.status} {problem.code}"
            except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
                fault = type(error).__name__
            self.faults[fault] += 1
            if time.monotonic() - began > PATIENCE_SECONDS:
                raise StuckError(f"no answer after {tries} tries, at last: {fault}")
            await asyncio.sleep(_TIRING[min(tries, len(_TIRING) - 1)] * self._random.uniform(0.5, 1.5))
            tries += 1
