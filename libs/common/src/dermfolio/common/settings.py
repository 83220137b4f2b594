"""Settings of a process: environment for what is public, one file per secret for what is not.

A process refuses to start when a secret is missing, too short or a well-known default.
"""

import base64
import binascii
import os
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import AfterValidator, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

PREFIX = "DERMFOLIO_"
MIN_SECRET_LENGTH = 20
_DEFAULTS = ("password", "secret", "changeme", "change-me", "default", "dermfolio", "minioadmin", "postgres", "admin")


def _strong(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if len(text) < MIN_SECRET_LENGTH:
        raise ValueError(f"is shorter than {MIN_SECRET_LENGTH} characters; generate a random one")
    if len(set(text)) < 6 or any(text.lower().replace(d, "") in {"", "123", "!"} for d in _DEFAULTS):
        raise ValueError("is a well-known default; generate a random one")
    return value


def _key(value: SecretStr) -> SecretStr:
    try:
        raw = base64.urlsafe_b64decode(value.get_secret_value() + "==")
    except (binascii.Error, ValueError) as error:
        raise ValueError("is not base64url") from error
    if len(raw) != 32 or len(set(raw)) < 8:
        raise ValueError("must be 32 random bytes in base64url")
    return value


Secret = Annotated[SecretStr, AfterValidator(_strong)]
"""A generated password."""

Key = Annotated[SecretStr, AfterValidator(_key)]
"""32 random bytes in base64url."""


def key_bytes(key: SecretStr) -> bytes:
    """The 32 bytes of a Key."""
    return base64.urlsafe_b64decode(key.get_secret_value() + "==")


class _Public(EnvSettingsSource):
    """The environment, which child processes and crash reports inherit: no place for secrets."""

    def __call__(self) -> dict[str, Any]:
        fields = self.settings_cls.model_fields
        return {name: value for name, value in super().__call__().items() if not _is_secret(fields[name].annotation)}


def _is_secret(annotation: Any) -> bool:
    return annotation is SecretStr or SecretStr in get_args(annotation)


class _Told(BaseSettings):
    """Where settings come from, and what every process is told about its log."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    log_format: Literal["json", "console"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Secrets come from files whose names are the settings' names, without the prefix, and from nowhere else."""
        directory = os.environ.get(f"{PREFIX}SECRETS_DIR")
        secrets = SecretsSettingsSource(settings_cls, secrets_dir=directory, env_prefix="")
        return init_settings, _Public(settings_cls), secrets


class Settings(_Told):
    """What every process needs that speaks on the bus; services add their own fields."""

    profile: Literal["production", "evaluation"] = "production"
    nats_url: str
    nats_password: Secret
    signing_key: Key
    trusted_keys: dict[str, str]
    health_host: str = "127.0.0.1"
    health_port: int
    otlp_endpoint: str | None = None


class DatabaseAccess(_Told):
    """A database, and the role that signs in there."""

    database_url: str
    database_password: Secret


class MigrationSettings(DatabaseAccess):
    """Settings of a process that migrates. It needs no more than the role that owns the tables; where the service has
    another role (`database_role`), that one is given what the service's grants say.
    """

    database_role: str | None = None


class DatabaseSettings(Settings, DatabaseAccess):
    """Settings of a process that has a database."""

    database_pool: int = 5


class StoreAccess(_Told):
    """An object store, and who signs in there."""

    s3_endpoint: str
    s3_access_key: Secret
    s3_secret_key: Secret


class StoreSettings(Settings, StoreAccess):
    """Settings of a process that moves bytes."""

    s3_bucket: str = "dermfolio"


S = TypeVar("S", bound=_Told)


def load(cls: type[S]) -> S:
    """Read the settings of this process; exit with a sentence per fault when they are not fit to start on."""
    try:
        return cls()
    except ValidationError as error:
        faults = [f"  {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False)]
    except SettingsError as error:  # JSON that is none
        faults = [f"  {error}"]
    raise SystemExit("This process refuses to start on its settings:\n" + "\n".join(faults))
