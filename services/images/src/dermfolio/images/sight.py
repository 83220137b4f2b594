"""Finding what a caller may see of a patient.

Where the caller works at the patient's home site, a query within the caller's sites is enough. Everybody else is asked
about: patients knows whom a patient is shared with, and who opened it in an emergency. So what is not found and what
is not to be seen take the same way.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.bus import Requests
from dermfolio.common.db import Database, ReadConnection
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.contracts.roles import Permission
from dermfolio.contracts.sharing import MaySee
from dermfolio.contracts.sharing import Sight as PatientSight

SHARED_SECONDS = 1.0
"""How long somebody who looks waits for whether the patient is shared."""

T = TypeVar("T")
Query = Callable[[ReadConnection, Sequence[UUID], UUID, Sequence[UUID]], Awaitable[T | None]]
"""Looks for an image of any of some records within these home sites."""


def records_of(sight: PatientSight, patient: UUID) -> list[UUID]:
    """The records of a patient: more than one where others are merged into it."""
    return [member.patient for member in sight.members] or [patient]


def homes_of(sight: PatientSight) -> list[UUID]:
    """Their home sites."""
    return [*{sight.site, *(member.site for member in sight.members)}]


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What was found; `opening`: the emergency access that was needed for it."""

    what: T
    at_home: bool
    """Whether by a role at the patient's home site."""

    opening: UUID | None = None


class Sight:
    """What callers see."""

    def __init__(self, db: Database, requests: Requests) -> None:
        self._db = db
        self._requests = requests

    async def need(self, call: Call, patient: UUID, site: UUID, permission: Permission) -> None:
        """Refuse as `forbidden` who sees a patient of this home site but may not do this."""
        if not call.actor.may(permission, site):
            await self._requests.ask(MaySee(patient=patient, needs=permission), call)

    async def find(self, call: Call, needs: Permission, query: Query[T], image: UUID, patient: UUID) -> Found[T]:
        """What the query finds of an image.

        Refused as `not_found`, or `forbidden` where the caller sees the patient but may not do this.
        """
        async with self._db.read() as rows:
            found = await query(rows, call.actor.sites(needs), image, [patient])
        if found is not None:
            return Found(found, at_home=True)
        sight = await self._requests.ask(MaySee(patient=patient, needs=needs), call)
        async with self._db.read() as rows:
            found = await query(rows, homes_of(sight), image, records_of(sight, patient))
        if found is None:
            raise Refused("not_found")
        return Found(found, at_home=False, opening=sight.opening)

    async def is_shared(self, call: Call, patient: UUID, found: Found[Any]) -> bool:
        """Whether the patient of what was found is shared with another site; also where that is not known at once."""
        if not found.at_home:
            return True
        try:
            async with asyncio.timeout(SHARED_SECONDS):
                sight = await self._requests.ask(MaySee(patient=patient, needs=Permission.IMAGE_READ), call)
        except (Refused, Unavailable, TimeoutError):
            return True
        return bool(sight.shared)
