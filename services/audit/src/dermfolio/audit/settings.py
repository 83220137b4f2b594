"""Settings of audit."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, FilePath, SecretStr, TypeAdapter, model_validator

from dermfolio.audit.keys import ChainKeys
from dermfolio.common.note_keys import VerifierKey
from dermfolio.common.settings import DatabaseSettings, Key, StoreAccess, key_bytes

Version = Annotated[int, Field(ge=1, le=2**31 - 1)]

_BY_VERSION = TypeAdapter(dict[Version, Key])


def _verifier_key(text: str) -> str:
    VerifierKey.parse(text)
    return text


def _host_and_port(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 2**16:
        raise ValueError("is not host:port")
    return text


HostAndPort = Annotated[str, AfterValidator(_host_and_port)]

WrittenKey = Annotated[str, AfterValidator(_verifier_key)]
"""The public half of a key that signed checkpoints: name+hash+key."""


class AuditSettings(DatabaseSettings, StoreAccess):
    """A new chain key gets a new version; the former one moves to `retired_chain_keys`, a secret that is a JSON object
    of keys by version. A new checkpoint key takes the place of the former one, whose verifier key is added to
    `retired_checkpoint_keys`.
    """

    chain_key: Key
    chain_key_version: Version = 1
    retired_chain_keys: SecretStr | None = None
    checkpoint_key: Key
    retired_checkpoint_keys: tuple[WrittenKey, ...] = ()
    checkpoint_every_records: Annotated[int, Field(ge=1)] = 10_000
    checkpoint_every_minutes: Annotated[float, Field(gt=0)] = 15
    checkpoint_bucket: str = "dermfolio-trail"
    checkpoint_file: Path | None = None
    checkpoint_syslog: HostAndPort | None = None
    checkpoint_syslog_ca: FilePath | None = None

    @model_validator(mode="after")
    def _one_key_per_version(self) -> "AuditSettings":
        if self.chain_key_version in self._retired():
            raise ValueError("retired_chain_keys: the version that writes is not retired")
        return self

    @property
    def checkpoint_every(self) -> timedelta:
        """How long something new stays unsigned."""
        return timedelta(minutes=self.checkpoint_every_minutes)

    @property
    def keys(self) -> ChainKeys:
        """All keys of the chain."""
        every = self._retired() | {self.chain_key_version: self.chain_key}
        return ChainKeys(self.chain_key_version, {version: key_bytes(key) for version, key in every.items()})

    def _retired(self) -> dict[int, SecretStr]:
        if self.retired_chain_keys is None:
            return {}
        return _BY_VERSION.validate_json(self.retired_chain_keys.get_secret_value())
