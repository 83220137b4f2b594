"""How a process of a service is started: its command, its environment, where its output goes."""

import json
import os
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from dermfolio.contracts.catalog import CATALOG
from dermfolio.local.console import Console
from dermfolio.local.embedded import Embedded
from dermfolio.local.probe import is_ready
from dermfolio.local.secrets import Secrets
from dermfolio.local.servers.child import Child, spawn
from dermfolio.local.servers.databases import owner_of
from dermfolio.local.servers.object_store import BUCKET
from dermfolio.local.servers.ports import HOST, free_ports
from dermfolio.local.services import ServiceKind


@dataclass(frozen=True)
class Launcher:
    """Starts processes of services on the embedded servers."""

    embedded: Embedded
    secrets: Secrets
    directory: Path
    """Where logs go, to `logs/<process>.log`."""
    console: Console | None
    """Where output goes instead."""

    def make_secrets(self, kind: ServiceKind) -> None:
        """Generate what is missing of a service's secrets."""
        for name, make in kind.secrets.items():
            self.secrets.ensure(kind.name, name, make)

    def environment(self, service: str) -> dict[str, str]:
        """What every process of `service` is told; also good for operators' commands (`ops`)."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("DERMFOLIO_")}
        inherited.pop("PYTHONDONTWRITEBYTECODE", None)  # most of a start is importing
        return inherited | {
            "PYTHONUNBUFFERED": "1",
            "DERMFOLIO_PROFILE": "evaluation",
            "DERMFOLIO_LOG_FORMAT": "json" if self.console is None else "console",
            "DERMFOLIO_SECRETS_DIR": str(self.secrets.directory_of(service)),
            "DERMFOLIO_TRUSTED_KEYS": json.dumps({name: self.secrets.public_key(name) for name in sorted(CATALOG)}),
            "DERMFOLIO_NATS_URL": self.embedded.nats.url,
            "DERMFOLIO_DATABASE_URL": self.embedded.postgres.url_of(service),
            "DERMFOLIO_S3_ENDPOINT": self.embedded.store.url,
            "DERMFOLIO_S3_BUCKET": BUCKET,
            "DERMFOLIO_HEALTH_HOST": HOST,
        }

    def owners_environment(self, kind: ServiceKind) -> dict[str, str]:
        """What `migrate` is told in place of that, where another role owns the service's tables."""
        if not kind.has_owner:
            return {}
        owner = owner_of(kind.name)
        return {
            "DERMFOLIO_SECRETS_DIR": str(self.secrets.directory_of(owner)),
            "DERMFOLIO_DATABASE_URL": self.embedded.postgres.url_of(kind.name, owner),
            "DERMFOLIO_DATABASE_ROLE": kind.name,
        }

    def log(self, process: str) -> Path:
        """The log file of a process."""
        return self.directory / "logs" / f"{process}.log"

    async def run(self, service: str, role: str, process: str, extra: dict[str, str]) -> Child:
        """Start one process; raises OSError if that is impossible."""
        child = spawn(
            [sys.executable, "-m", f"dermfolio.{service}", role],
            environment=self.environment(service) | extra,
            directory=self.directory,
            output=self.log(process) if self.console is None else None,
        )
        if self.console is not None and child.output is not None:
            await self.console.follow(process, child.output)
        return child

    async def migrate(self, kind: ServiceKind) -> int:
        """Bring a service's database to the newest schema; returns the exit code. The output goes to its log."""
        child = await replace(self, console=None).run(
            kind.name, "migrate", f"{kind.name}-migrate", self.owners_environment(kind)
        )
        try:
            return await child.exited()
        finally:
            child.kill()


@dataclass
class ServiceProcess:
    """One of a service's processes, started again and again on a new health port."""

    launcher: Launcher
    service: str
    role: str
    number: int
    extra: dict[str, str] = field(default_factory=dict)
    health_port: int = 0

    @property
    def name(self) -> str:
        """`<service>-<role>-<number>`."""
        return f"{self.service}-{self.role}-{self.number}"

    async def start(self) -> Child:
        """Start it."""
        self.health_port = free_ports(1)[0]
        extra = {"DERMFOLIO_HEALTH_PORT": str(self.health_port), **self.extra}
        return await self.launcher.run(self.service, self.role, self.name, extra)

    async def ready(self) -> bool:
        """Whether it says that it is ready."""
        return await is_ready(self.health_port)
