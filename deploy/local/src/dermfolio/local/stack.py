"""The whole system as child processes: servers, services, gateways."""

import asyncio
import shlex
import shutil
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, ExitStack
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from dermfolio.common.migrate import newest
from dermfolio.local import places
from dermfolio.local.bus_setup import BusSetup
from dermfolio.local.console import Console
from dermfolio.local.embedded import Embedded
from dermfolio.local.first_admin import FirstAdmin
from dermfolio.local.launch import Launcher, ServiceProcess
from dermfolio.local.licence import licensed
from dermfolio.local.scratch import claimed
from dermfolio.local.secrets import Secrets
from dermfolio.local.servers.child import Child
from dermfolio.local.servers.databases import schema_of
from dermfolio.local.servers.ports import HOST, free_ports, next_free
from dermfolio.local.servers.server import Server
from dermfolio.local.services import GATEWAY, IDENTITY, SERVICES, ServiceKind
from dermfolio.local.supervisor import NotReadyError, Process, Spec, Supervisor

# With the servers' own two, well below ten seconds.
GATEWAYS_STOP_SECONDS = 2.5
SERVICES_STOP_SECONDS = 3.0


class StackError(RuntimeError):
    """The system did not start; the message says what failed."""


class Stack:
    """The whole system on one directory; starts again on the same data.

    `async with Stack(directory) as stack:` is ready inside the block. The event loop must keep running.
    """

    def __init__(
        self,
        directory: Path,
        *,
        replicas: int = 1,
        http_port: int = 0,
        log: Literal["files", "console"] = "files",
        env: Mapping[str, Mapping[str, str]] | None = None,
        durable: bool = True,
    ) -> None:
        """Describe a stack; nothing happens yet.

        `replicas` of each process of each service and of the gateway. `http_port`: the first gateway takes this port
        or the next free one; 0: any. `log`: to `<directory>/logs/<process>.log`, or prefixed to the terminal (servers
        always write files). `env`: more environment by process name ("images-work-1") or the beginning of several
        ("images-work", "images"). `durable=False`: PostgreSQL does not wait for the disk.
        """
        self.directory = directory
        self.gateways: list[str] = []
        """Base URLs, the first one on `http_port`."""
        self.first_admin_password: str | None = None
        """The one-time password of `admin`, known only after the first start on a directory."""
        self.secrets = Secrets(directory / "secrets")
        self._replicas = replicas
        self._http_port = http_port
        self._console = Console() if log == "console" else None
        self._env = env or {}
        self._durable = durable
        self._held = ExitStack()
        self._supervisor = Supervisor()
        self._launcher: Launcher | None = None
        self._bus_setup: BusSetup | None = None

    @property
    def processes(self) -> Mapping[str, Process]:
        """Everything that is kept running, by name: "images-work-1", "gateway-serve-2", "postgres", "nats", …"""
        return self._supervisor.processes

    @property
    def embedded(self) -> Embedded:
        """PostgreSQL (`.postgres`), NATS (`.nats`) and the object store (`.store`)."""
        return self._launched.embedded

    @property
    def servers(self) -> Mapping[str, Server]:
        """The servers by name."""
        return {server.name: server for server in self.embedded}

    def environment_of(self, service: str) -> dict[str, str]:
        """What processes of `service` are told; for "ops", what operators' commands need."""
        return self._launched.environment(service)

    async def start(self, seconds: float = 120.0) -> None:
        """Start everything; returns once every process is ready.

        Raises DirectoryInUseError, ServerError, StackError or, after `seconds`, TimeoutError; then nothing runs.
        """
        try:
            await self._start(seconds)
        except BaseException:
            await self.stop()
            raise

    async def ready(self, seconds: float = 120.0) -> None:
        """Wait until every process is ready (again); raises TimeoutError with the last lines of those that are not."""
        try:
            await self._supervisor.ready(seconds)
        except NotReadyError as error:
            raise TimeoutError("\n".join([str(error), *map(self._last_lines, error.names)])) from None

    def down(self, name: str) -> AbstractAsyncContextManager[None]:
        """Kill a server or another process and keep it down for the length of an `async with` block."""
        return self._supervisor.down(name)

    async def stop(self) -> None:
        """Stop everything in less than ten seconds: gateways, then services, then servers."""
        if self._bus_setup is not None:
            await self._bus_setup.stop()
        servers = [server.name for server in self._launcher.embedded] if self._launcher else []
        gateways = [name for name in self.processes if name.startswith(f"{GATEWAY}-")]
        await self._supervisor.stop(gateways, GATEWAYS_STOP_SECONDS)
        await self._supervisor.stop(set(self.processes) - set(servers), SERVICES_STOP_SECONDS)
        await self._supervisor.release(servers)
        if self._launcher is not None:
            await self._launcher.embedded.stop()
        self._held.close()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()

    @property
    def _launched(self) -> Launcher:
        if self._launcher is None:
            raise StackError("the stack has not been started")
        return self._launcher

    async def _start(self, seconds: float) -> None:
        self._held.enter_context(claimed(self.directory))
        first_admin = FirstAdmin(self.directory, self.secrets)
        embedded = Embedded(self.directory, self.secrets, durable=self._durable)
        self._launcher = Launcher(embedded, self.secrets, self.directory, self._console)
        for kind in SERVICES:
            self._launcher.make_secrets(kind)
        _set_logs_aside(self.directory / "logs")
        await embedded.start()
        self._tell_operators()
        for server in embedded:
            self._supervisor.keep(_spec(server), child=server.child)
        self._bus_setup = BusSetup(embedded.nats)
        await self._bus_setup.start()
        self.gateways = self._choose_gateways()
        for kind in SERVICES:
            for role in kind.roles:
                for number in range(1, self._replicas + 1):
                    self._keep(ServiceProcess(self._launcher, kind.name, role, number))
        await self._migrate()
        await self.ready(seconds)
        self.first_admin_password = first_admin.hand_over()

    def _tell_operators(self) -> None:
        """Write down what `python -m dermfolio.ops` is told, for shells to read: `set -a; . ops.env`."""
        told = {name: value for name, value in self.environment_of("ops").items() if name.startswith("DERMFOLIO_")}
        lines = [f"{name}={shlex.quote(value)}\n" for name, value in sorted(told.items())]
        (self.directory / "ops.env").write_text("".join(lines))

    def _keep(self, process: ServiceProcess) -> None:
        if process.service == GATEWAY:
            url = self.gateways[process.number - 1]
            process.extra |= {
                "DERMFOLIO_HTTP_HOST": HOST,
                "DERMFOLIO_HTTP_PORT": url.rpartition(":")[2],
                "DERMFOLIO_PUBLIC_URL": url,
            }
            if (web := places.web_directory()) is not None:
                process.extra["DERMFOLIO_WEB_DIRECTORY"] = str(web)
        if process.service == IDENTITY:
            process.extra |= licensed(self.directory, self.secrets)
        for name, extra in self._env.items():
            if process.name == name or process.name.startswith(f"{name}-"):
                process.extra |= extra
        self._supervisor.keep(Spec(process.name, process.start, process.ready))

    async def _migrate(self) -> None:
        """Bring all databases to the schema that services wait for."""
        await asyncio.gather(*(self._migrate_one(kind) for kind in SERVICES if kind.has_database))

    async def _migrate_one(self, kind: ServiceKind) -> None:
        found = await asyncio.to_thread(schema_of, self.embedded.postgres, kind.name)
        if found == newest(places.checkout() / "services" / kind.name / "migrations"):
            return  # finding that out by a process of the service takes a second of CPU
        if await self._launched.migrate(kind) != 0:
            said = self._launched.log(f"{kind.name}-migrate").read_text()
            raise StackError(f"{kind.name} migrate failed:\n{said}")

    def _last_lines(self, process: str, count: int = 20) -> str:
        log = self._launched.log(process)
        lines = log.read_text(errors="replace").splitlines()[-count:] if log.exists() else []
        return "\n".join(f"{process}: {line}" for line in lines)

    def _choose_gateways(self) -> list[str]:
        ports = free_ports(self._replicas)
        if self._http_port:
            ports[0] = next_free(self._http_port)
        return [f"http://{HOST}:{port}" for port in ports]


def _set_logs_aside(logs: Path) -> None:
    """Keep those of the last start, and no more."""
    before = logs.with_name("logs-before")
    if logs.exists():
        shutil.rmtree(before, ignore_errors=True)
        logs.rename(before)


def _spec(server: Server) -> Spec:
    async def start() -> Child:
        await asyncio.to_thread(server.start)
        return server.running

    return Spec(server.name, start)
