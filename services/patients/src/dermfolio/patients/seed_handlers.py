"""One thin function per message about seeding."""

from dermfolio.common.auth import Call
from dermfolio.common.host import Parts
from dermfolio.contracts.seeding import CountSeeded, Seeded, SeedPatients
from dermfolio.patients.data_keys import KeyProvider
from dermfolio.patients.seed import count_seeded, seed_patients


class SeedHandlers:
    """What patients answers to who fills an evaluation."""

    def __init__(self, parts: Parts, keys: KeyProvider, profile: str) -> None:
        self._db = parts.db
        self._keys = keys
        self._profile = profile

    async def count(self, request: CountSeeded, call: Call) -> Seeded:
        """Tell how many of a seed's people are there."""
        return await count_seeded(self._db, self._profile, call, request)

    async def seed(self, request: SeedPatients, call: Call) -> Seeded:
        """Add people of a batch."""
        return await seed_patients(self._db, self._keys, self._profile, call, request)
