"""PostgreSQL, one server for all services' databases."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from dermfolio.local import places
from dermfolio.local.servers.ports import HOST
from dermfolio.local.servers.postgres_programs import Programs, find_programs
from dermfolio.local.servers.server import Server, ServerError, loopback

_SUPERUSER = "postgres"


class Postgres(Server):
    """A PostgreSQL server that listens on the loopback address only and believes nobody without a password.

    The data lie in `<directory>/data`; as root that is a link into `places.outside()`.
    """

    name = "postgres"
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT  # "fast": SIGTERM would wait for clients to leave
    death_signal: ClassVar[signal.Signals] = signal.SIGINT

    def __init__(self, directory: Path, *, password: str, durable: bool = True, log: Path | None = None) -> None:
        """`password` is the superuser's; `durable=False` never waits for the disk: for data nobody will miss."""
        super().__init__(directory, log=log)
        self.password = password
        self.durable = durable

    @cached_property
    def programs(self) -> Programs:
        """The programs that run."""
        return find_programs()

    @property
    def data(self) -> Path:
        """The cluster's data directory."""
        return (places.outside_of(self.directory) or self.directory) / "data"

    @property
    def url(self) -> str:
        """Without user and database; see `url_of`."""
        return f"postgresql://{loopback(self.port)}"

    def url_of(self, database: str, role: str | None = None) -> str:
        """The URL of a service's own database without password, for the role of the same name or another."""
        return f"postgresql://{role or database}@{loopback(self.port)}/{database}"

    def prepare(self) -> None:
        """Make the cluster on the first start; raises ServerError if it was made by another major version."""
        self.user = self.programs.user
        self._set_orphan_aside()
        version = self.data / "PG_VERSION"
        if not version.exists():
            self._initialise()
        elif int(version.read_text()) != self.programs.major:
            raise ServerError(
                f"{self.data} was written by PostgreSQL {version.read_text().strip()}, this is "
                f"{self.programs.major}: 'make clean' removes the data"
            )

    def command(self) -> list[str | Path]:
        """Run in the foreground; every setting is on the command line, so that the cluster's files stay as made."""
        settings = {
            "listen_addresses": HOST,
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "300",
            "shared_buffers": "256MB",  # taken as it is used
            "jit": "off",
            "io_method": "sync",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "log_checkpoints": "off",
            "log_error_verbosity": "terse",  # details quote values: unique ids, names
            "log_min_error_statement": "panic",  # a statement may hold a new role's password
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        flags = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [self.programs.postgres, "-D", self.data, *flags]

    def working_directory(self) -> Path:
        """The data directory: the server's user may not be able to reach ours."""
        return self.data

    def answers(self) -> bool:
        """Whether the superuser can sign in with our password."""
        try:
            socket.create_connection((HOST, self.port), timeout=1).close()
        except OSError:
            return False
        return self._psql("select 1").returncode == 0

    def execute(self, statements: str, *, database: str = _SUPERUSER) -> str:
        """Run SQL as the superuser; returns what it prints, a line per row.

        Raises ServerError with the server's message.
        """
        done = self._psql(statements, database)
        if done.returncode != 0:
            raise ServerError(done.stderr.strip())
        return done.stdout.strip()

    def _psql(self, statements: str, database: str = _SUPERUSER) -> subprocess.CompletedProcess[str]:
        options = f"-X -q -A -t -v ON_ERROR_STOP=1 -h {HOST} -p {self.port} -U {_SUPERUSER} -d {database}"
        return subprocess.run(
            [self.programs.psql, *options.split()],
            env={"PGPASSWORD": self.password, "PGCONNECT_TIMEOUT": "5", "LANG": "C.UTF-8"},
            input=statements,
            capture_output=True,
            text=True,
            check=False,
        )

    def _set_orphan_aside(self) -> None:
        """Data outside whose directory was removed, and its secrets with it, are of no use to the new one."""
        if self.data.exists() and not (self.directory / "data").exists():
            orphan = self.data.with_name("orphan")
            if orphan.exists():
                shutil.rmtree(orphan)
            self.data.rename(orphan)

    def _initialise(self) -> None:
        home = self.data.parent
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if home != self.directory:
            places.mark_outside(self.directory)
            link = self.directory / "data"
            link.unlink(missing_ok=True)
            link.symlink_to(self.data)
        unfinished = home / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)  # of a first start that was cut short
        with tempfile.NamedTemporaryFile("w", dir=home) as secret:
            secret.write(self.password)
            secret.flush()
            drop: list[str | Path] = []
            if self.user is not None:
                for path in (home, Path(secret.name)):
                    shutil.chown(path, self.user, self.user)
                drop = ["setpriv", *f"--reuid {self.user} --regid {self.user} --clear-groups --no-new-privs --".split()]
            options = "--auth=scram-sha-256 --encoding=UTF8 --locale=C --locale-provider=builtin --no-instructions"
            command: list[str | Path] = [
                *drop,
                self.programs.initdb,
                f"--pgdata={unfinished}",
                f"--username={_SUPERUSER}",
                f"--pwfile={secret.name}",
                "--builtin-locale=C.UTF-8",
                *options.split(),
                *([] if self.durable else ["--no-sync"]),
            ]
            environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
            done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise ServerError(f"initdb failed:\n{done.stdout}{done.stderr}")
        unfinished.rename(self.data)
