"""What runs: the services, their roles and what each of them needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from dermfolio.local.secrets import Maker, key
from dermfolio.local.servers.object_store import BUCKET, TRAIL_BUCKET

GATEWAY = "gateway"
IDENTITY = "identity"


@dataclass(frozen=True)
class ServiceKind:
    """One service: `python -m dermfolio.<name> <role>` for each role."""

    name: str
    roles: tuple[str, ...] = ("serve",)
    has_database: bool = True
    has_owner: bool = False
    """Whether another role owns its tables, so that the service cannot change what it may only add to."""
    bucket: str | None = None
    """Whose objects it keeps in the store."""
    secrets: Mapping[str, Maker] = field(default_factory=lambda: MappingProxyType({}))
    """Secrets that only this service has."""


SERVICES = (
    ServiceKind(IDENTITY, secrets=MappingProxyType({"identity_key": key})),
    ServiceKind("patients", secrets=MappingProxyType({"installation_key": key})),
    ServiceKind("images", roles=("serve", "work"), bucket=BUCKET),
    ServiceKind("registration"),
    ServiceKind(
        "audit",
        has_owner=True,
        bucket=TRAIL_BUCKET,
        secrets=MappingProxyType({"chain_key": key, "checkpoint_key": key}),
    ),
    ServiceKind(GATEWAY, has_database=False, bucket=BUCKET),
)
