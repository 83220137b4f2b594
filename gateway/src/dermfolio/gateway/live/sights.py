"""By what right a browser sees the patients that it follows: by roles, or by an emergency access that ends."""

import asyncio
from datetime import datetime
from math import inf
from uuid import UUID

from dermfolio.common.auth import Actor, Call
from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.contracts.messages import now
from dermfolio.contracts.roles import SEEN_IN_EMERGENCY, Permission
from dermfolio.contracts.sharing import MaySee, Sight
from dermfolio.gateway.live.shown import Shown


class Sights:
    """What patients said of each patient that is followed, until it may not be so any more."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests
        self._known: dict[UUID, Sight] = {}
        self._asking: UUID | None = None
        self._doubted: set[UUID] = set()
        self._turn = asyncio.Lock()

    async def look(self, patient: UUID, call: Call) -> None:
        """Ask by what right the caller sees a patient, one question at a time. Refused as `not_found`; then nothing is
        known any more.
        """
        async with self._turn:
            self._doubted.discard(patient)
            self._asking = patient
            try:
                self._known[patient] = await self._requests.ask(MaySee(patient=patient), call)
            except Refused:
                self.forget(patient)
                raise
            except Unavailable:
                self.doubt(patient)
                raise
            finally:
                self._asking = None

    def doubt(self, *patients: UUID) -> None:
        """It may not be so any more of these patients, nor what is being asked of them this moment."""
        self._doubted |= {p for p in patients if p in self._known or p == self._asking}

    def doubt_all(self) -> None:
        """News may have been missed."""
        self.doubt(*self._known, *([self._asking] if self._asking else []))

    def doubted(self) -> list[UUID]:
        """The patients to look at again before anything more is told of them."""
        return [*(self._doubted & self._known.keys()), *(p for p, end in self._ends() if end <= now())]

    def next_end(self) -> float:
        """Seconds until the next emergency access ends."""
        return min(((end - now()).total_seconds() for _, end in self._ends()), default=inf)

    def _ends(self) -> list[tuple[UUID, datetime]]:
        return [(patient, sight.until) for patient, sight in self._known.items() if sight.until is not None]

    def forget(self, patient: UUID) -> None:
        """It is followed no more."""
        self._known.pop(patient, None)
        self._doubted.discard(patient)

    def allow(self, actor: Actor, event: Shown) -> bool:
        """Whether the browser's user may be told, with the roles that are held now."""
        sight = self._known.get(event.patient)
        if sight is None or event.site not in {sight.site, *(member.site for member in sight.members)}:
            return False
        return _allows(sight, actor, event.needs)

    def sees(self, actor: Actor, patient: UUID) -> bool:
        """Whether the browser's user sees the patient, with the roles that are held now."""
        sight = self._known.get(patient)
        return sight is not None and _allows(sight, actor, Permission.PATIENT_READ)


def _allows(sight: Sight, actor: Actor, needs: Permission) -> bool:
    if any(actor.may(needs, site) for site in (sight.site, *sight.shared)):
        return True
    by_opening = sight.until is not None and now() < sight.until and needs in SEEN_IN_EMERGENCY
    return by_opening and bool(actor.sites(Permission.BREAK_GLASS))
