"""What all embedded servers have in common: ports that stay, a start that waits, a stop that ends."""

import json
import signal
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from dermfolio.local.servers.child import Child, spawn
from dermfolio.local.servers.ports import HOST, free_ports, is_free


class ServerError(RuntimeError):
    """A server did not start; the message ends with the last lines of its log."""


class Server(ABC):
    """A real server on a data directory; the same value starts again on the same data and the same ports."""

    name: ClassVar[str]
    port_count: ClassVar[int] = 1
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    stop_seconds: ClassVar[float] = 2.0
    death_signal: ClassVar[signal.Signals] = signal.SIGKILL
    user: str | None = None

    def __init__(self, directory: Path, *, log: Path | None = None) -> None:
        """`directory` (made if missing, 0700) holds its data; `log` defaults to `<directory>/<name>.log`."""
        self.directory = directory.absolute()
        self.log = (log or self.directory / f"{self.name}.log").absolute()
        self.child: Child | None = None
        self._ports: list[int] = []
        self._settled = False
        self._wanted = False
        self._turn = threading.Lock()

    @property
    def port(self) -> int:
        """The port that clients connect to."""
        return self._ports[0]

    @property
    def running(self) -> Child:
        """The process; raises ServerError if it was not started, or was stopped or killed."""
        if self.child is None:
            raise ServerError(f"{self.name} is not running")
        return self.child

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        return self.running.pid

    @property
    @abstractmethod
    def url(self) -> str:
        """Where clients connect, without a password."""

    @abstractmethod
    def prepare(self) -> None:
        """Make the data directory and whatever the server wants to find in it; called before every start."""

    @abstractmethod
    def command(self) -> list[str | Path]:
        """The program and its arguments for the ports chosen."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it answers, as the server that we started and not another one on the same port."""

    def environment(self) -> Mapping[str, str]:
        """The whole environment of the process."""
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}

    def working_directory(self) -> Path:
        """Where the process runs; it must be able to reach it."""
        return self.directory

    def start(self, seconds: float = 60.0) -> None:
        """Start it and return once it answers; raises ServerError after `seconds`.

        The first start prefers the ports of last time and moves to others if they are taken; later ones wait for
        theirs, because clients know them.
        """
        deadline = time.monotonic() + seconds
        self._wanted = True
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._ports = self._ports or self._remembered()
        pause = 0.1
        while True:
            self.prepare()
            child = self._spawn()
            if self._answers_in_time(child, deadline):
                break
            child.kill()
            if time.monotonic() + pause > deadline:
                raise ServerError(f"{self.name} does not start:\n{self._last_lines()}")
            time.sleep(pause)
            pause = min(pause * 2, 2.0)
            if not self._settled:
                self._ports = self.choose_ports()
        self._settled = True
        self._remember()

    def stop(self) -> None:
        """Stop it in order, and by force once `stop_seconds` are over; ends a start in another thread, too."""
        with self._turn:
            self._wanted = False
            child, self.child = self.child, None
        if child is not None:
            child.stop(self.stop_signal, self.stop_seconds)

    def kill(self) -> None:
        """SIGKILL, as a crash; `start` brings it back."""
        with self._turn:
            child, self.child = self.child, None
        if child is not None:
            child.kill()

    def restart(self) -> None:
        """Stop and start again on the same data and the same ports."""
        self.stop()
        self.start()

    def choose_ports(self) -> list[int]:
        """Ports to try next, the clients' one first."""
        return free_ports(self.port_count)

    def _spawn(self) -> Child:
        with self._turn:
            if not self._wanted:
                raise ServerError(f"{self.name} was stopped while it started")
            self.child = spawn(
                self.command(),
                environment=self.environment(),
                directory=self.working_directory(),
                output=self.log,
                death_signal=self.death_signal,
                user=self.user,
            )
            return self.child

    def _answers_in_time(self, child: Child, deadline: float) -> bool:
        while child.code is None and time.monotonic() < deadline:
            if self.answers():
                return child.code is None
            time.sleep(0.01)
        return False

    def _remembered(self) -> list[int]:
        try:
            ports = json.loads((self.directory / "ports.json").read_text())
        except FileNotFoundError:
            return self.choose_ports()
        return list(ports) if all(is_free(port) for port in ports) else self.choose_ports()

    def _remember(self) -> None:
        (self.directory / "ports.json").write_text(json.dumps(self._ports))

    def _last_lines(self, count: int = 20) -> str:
        if not self.log.exists():
            return "(no output)"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])


def loopback(port: int) -> str:
    """`host:port` of a server of ours."""
    return f"{HOST}:{port}"
