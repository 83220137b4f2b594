"""Unique IDs are known to those who have them before them; who tries one after the other has to wait (PAT-1, ORG-8)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer, Requests
from dermfolio.common.errors import Refused
from dermfolio.contracts.merging import PreviewMerge
from dermfolio.contracts.moving import PreviewMove
from dermfolio.contracts.sharing import MaySee
from dermfolio.gateway.rates import Rate, Rates
from dermfolio.gateway.visits import Visits

GUESSES = Rate(per_second=1 / 60, burst=10)
"""What a user may learn of unique IDs beyond the records that they see."""


class Guesses:
    """Counts them, per user."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self._requests = requests
        self._visits = visits
        self._rates = Rates(GUESSES)
        self._turns: WeakValueDictionary[UUID | None, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def counted(self, call: Call, refused_as: str) -> AsyncIterator[None]:
        """Count what is refused as this in the block. Refused as `rate_limited` when there were too many before.

        A user's blocks run one after the other: of many at once, each knows of those before it.
        """
        user = call.actor.user
        async with self._turns.setdefault(user, asyncio.Lock()):
            if (wait := self._rates.wait(user)) is not None:
                raise await self._visits.too_often(wait, user, call)
            try:
                yield
            except Refused as refusal:
                if refusal.code == refused_as:
                    self._rates.take(user)
                raise

    async def beside(self, asked: PreviewMerge | PreviewMove, call: Call) -> Answer[Any]:
        """The answer to what is asked of a patient about the one with a unique ID, which may be a guess. Who does not
        see the patient itself learns nothing of the other, and guesses nothing.
        """
        await self._requests.ask(MaySee(patient=asked.patient), call)
        async with self.counted(call, "not_found"):
            return await self._requests.ask_raw(asked, call)
