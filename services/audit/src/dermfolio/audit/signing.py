"""The keys of checkpoints: one signs, and earlier ones are still known."""

from collections.abc import Sequence

from dermfolio.audit import checkpoint_repository
from dermfolio.audit.notes import VerifierKeys, origin_of
from dermfolio.common.db import Database
from dermfolio.common.note_keys import SigningKey


class CheckpointKeys:
    """`seed` is the Ed25519 key that signs; `retired` are verifier keys (name+hash+key) of those before it."""

    def __init__(self, db: Database, seed: bytes, retired: Sequence[str]) -> None:
        self._db = db
        self._seed = seed
        self._retired = retired

    async def signer(self) -> SigningKey:
        """What signs checkpoints of this trail."""
        async with self._db.read() as rows:
            return SigningKey(origin_of(await checkpoint_repository.origin_id(rows)), self._seed)

    async def known(self) -> list[str]:
        """Every verifier key, the one of the key that signs first."""
        return [str((await self.signer()).public), *self._retired]

    async def verifier(self) -> VerifierKeys:
        """What opens checkpoints of this trail."""
        signer = await self.signer()
        return VerifierKeys.of(signer.name, [str(signer.public), *self._retired])
