"""Finding what a caller may see and change of an entry. patients decides."""

from uuid import UUID

from dermfolio.common.auth import Call
from dermfolio.common.bus import Requests
from dermfolio.contracts.entries import EntrySight, MaySeeEntry
from dermfolio.contracts.roles import Permission

_LOOKING = [Permission.ENTRY_READ, Permission.IMAGE_READ]


class Sight:
    """What callers see."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests

    async def look(self, call: Call, patient: UUID, entry: UUID) -> EntrySight:
        """By what right the caller sees an entry and its photographs. Refused as `not_found` or `forbidden`."""
        return await self._requests.ask(MaySeeEntry(patient=patient, entry=entry, needs=_LOOKING), call)

    async def need_write(self, call: Call, patient: UUID, entry: UUID) -> None:
        """Refuse as `forbidden` who may not change an entry that they see."""
        await self._requests.ask(MaySeeEntry(patient=patient, entry=entry, needs=[Permission.ENTRY_WRITE]), call)
