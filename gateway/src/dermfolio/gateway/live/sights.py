"""By what right a browser sees the patients that it follows: by roles, or by an emergency access that ends."""

from uuid import UUID

from dermfolio.common.auth import Actor, Call
from dermfolio.common.bus import Requests
from dermfolio.contracts.messages import now
from dermfolio.contracts.roles import SEEN_IN_EMERGENCY, Permission
from dermfolio.contracts.sharing import MaySee, Sight
from dermfolio.gateway.live.shown import Shown


class Sights:
    """What patients said of each patient that is followed, until it may not be so any more."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests
        self._known: dict[UUID, Sight] = {}
        self._asked: set[UUID] = set()
        self._doubted: set[UUID] = set()

    async def look(self, patient: UUID, call: Call) -> None:
        """Ask by what right the caller sees a patient. Refused as `not_found`."""
        self._doubted.discard(patient)
        self._asked.add(patient)
        try:
            self._known[patient] = await self._requests.ask(MaySee(patient=patient), call)
        finally:
            self._asked.discard(patient)

    def doubt(self, patient: UUID) -> None:
        """It may not be so any more, nor what is being asked this moment."""
        if patient in self._known or patient in self._asked:
            self._doubted.add(patient)

    def doubted(self) -> list[UUID]:
        """The patients to look at again before anything more is told of them."""
        return [*self._doubted, *(p for p, sight in self._known.items() if sight.until and sight.until <= now())]

    def forget(self, patient: UUID) -> None:
        """It is followed no more."""
        self._known.pop(patient, None)
        self._doubted.discard(patient)

    def allow(self, actor: Actor, event: Shown) -> bool:
        """Whether the browser's user may be told, with the roles that are held now."""
        sight = self._known.get(event.patient)
        if sight is None or sight.site != event.site:
            return False
        if any(actor.may(event.needs, site) for site in (sight.site, *sight.shared)):
            return True
        by_opening = sight.until is not None and now() < sight.until and event.needs in SEEN_IN_EMERGENCY
        return by_opening and bool(actor.sites(Permission.BREAK_GLASS))
