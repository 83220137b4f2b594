"""Having photographs stay in the workspace while a change that needs them is written, and afterwards.

What a hold is for is written down before images is asked, and crossed out in the transaction that writes the change. So
a hold belongs to a comparison, or it stands in `holds` and is given up: never both, whoever dies when.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID, uuid4

from dermfolio.common import faults
from dermfolio.common.auth import Call
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database, WriteSession
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.contracts.comparisons import (
    ChangeComparison,
    ComparisonGivenUp,
    CreateComparison,
    HoldForComparison,
    RestoreComparison,
)
from dermfolio.contracts.entries import EntrySight
from dermfolio.contracts.messages import now
from dermfolio.contracts.replay import Origin
from dermfolio.registration import repository
from dermfolio.registration.models import Hold

_SERVICE = Origin(service="registration")

Needing = CreateComparison | ChangeComparison | RestoreComparison
"""What needs photographs to stay."""


class Holding:
    """Asks images for holds, and gives up those that came to nothing."""

    def __init__(self, db: Database, requests: Requests, *, give_up_after: timedelta) -> None:
        """`give_up_after`: the age at which nothing can come of a hold any more."""
        self._db = db
        self._requests = requests
        self._give_up_after = give_up_after

    @asynccontextmanager
    async def held(self, call: Call, request: Needing, seen: EntrySight, images: Sequence[UUID]) -> AsyncIterator[UUID]:
        """Hold photographs for what the block writes, which calls `take` in its transaction.

        Refused as `not_found`, `forbidden` or `image_not_in_workspace`. What the block refuses is given up at once;
        after an outage it is not known what images will do yet, so that is left to the chore.
        """
        comparison, entry = request.comparison, request.entry
        hold = Hold(id=uuid4(), comparison=comparison, entry=entry, patient=seen.patient, site=seen.site)
        async with self._db.write() as s:
            s.add(hold)
        asked = HoldForComparison(
            patient=request.patient, entry=entry, comparison=comparison, hold=hold.id, images=[*images]
        )
        try:
            await self._requests.ask(asked, call)
            faults.point("hold.granted")
            yield hold.id
        except Refused:
            await self.give_up(hold.id)
            raise

    @staticmethod
    async def take(s: WriteSession, hold: UUID) -> None:
        """Have a hold belong to the comparison that this transaction writes. Raises Unavailable where it was given up
        meanwhile: then photographs may have left the workspace.
        """
        if not await repository.take_hold(s, hold):
            raise Unavailable("the photographs were held for too long before the comparison was written")

    async def __call__(self) -> None:
        """Give up what has come to nothing."""
        async with self._db.read() as rows:
            old = await repository.holds_before(rows, now() - self._give_up_after)
        for hold in old:
            await self.give_up(hold)

    async def give_up(self, hold: UUID) -> None:
        """Let go of what no comparison holds; what one holds, it keeps."""
        async with self._db.write() as s:
            found = await repository.give_up(s, hold)
            if found is not None:
                said = ComparisonGivenUp(
                    comparison=found.comparison,
                    entry=found.entry,
                    patient=found.patient,
                    site=found.site,
                    freed=found.id,
                )
                s.say(said, _SERVICE)
