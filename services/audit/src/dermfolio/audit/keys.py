"""The keys of the chain: one writes, earlier ones verify what they wrote. A changed key is noticed at the start."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dermfolio.audit import repository
from dermfolio.audit.chain import key_check
from dermfolio.common.db import Database


class WrongChainKeyError(Exception):
    """A chain key differs from the one that this trail was written with; writing on would spoil it for good."""


@dataclass(frozen=True, slots=True)
class ChainKeys:
    """Keys of 32 bytes by version; `version` is the one that writes."""

    version: int
    every: Mapping[int, bytes] = field(repr=False)

    @property
    def writing(self) -> bytes:
        """The key that writes."""
        return self.every[self.version]


async def ensure_same_keys(db: Database, keys: ChainKeys) -> None:
    """Note the check value of a new key, compare those of known ones. Raises WrongChainKeyError."""
    async with db.write() as session:
        await repository.note_key(session, keys.version, key_check(keys.writing))
        known = await repository.key_checks(session)
    for version, key in keys.every.items():
        if version in known and known[version] != key_check(key):
            raise WrongChainKeyError(
                f"chain key {version} is not the one that this trail was written with: put the former file back, or "
                "set a new chain_key_version for the new key and keep the former one in retired_chain_keys"
            )
