"""Settings of audit."""

from typing import Annotated

from pydantic import Field, SecretStr, TypeAdapter, model_validator

from dermfolio.audit.keys import ChainKeys
from dermfolio.common.settings import DatabaseSettings, Key, key_bytes

Version = Annotated[int, Field(ge=1, le=2**31 - 1)]

_BY_VERSION = TypeAdapter(dict[Version, Key])


class AuditSettings(DatabaseSettings):
    """A new chain key gets a new version; the former one moves to `retired_chain_keys`, a secret that is a JSON object
    of keys by version.
    """

    chain_key: Key
    chain_key_version: Version = 1
    retired_chain_keys: SecretStr | None = None

    @model_validator(mode="after")
    def _one_key_per_version(self) -> "AuditSettings":
        if self.chain_key_version in self._retired():
            raise ValueError("retired_chain_keys: the version that writes is not retired")
        return self

    @property
    def keys(self) -> ChainKeys:
        """All keys of the chain."""
        every = self._retired() | {self.chain_key_version: self.chain_key}
        return ChainKeys(self.chain_key_version, {version: key_bytes(key) for version, key in every.items()})

    def _retired(self) -> dict[int, SecretStr]:
        if self.retired_chain_keys is None:
            return {}
        return _BY_VERSION.validate_json(self.retired_chain_keys.get_secret_value())
