"""The bus: nats-server with JetStream and one user per service."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from dermfolio.contracts.permissions import permissions_for
from dermfolio.local.programs import program
from dermfolio.local.servers.nats_hello import lets_in
from dermfolio.local.servers.ports import HOST
from dermfolio.local.servers.server import Server, loopback

SETUP = "setup"


class NatsServer(Server):
    """A nats-server that lets each user say and hear what the catalogue of subjects gives it, and no more.

    The user `setup`, who makes streams and consumers, may do anything.
    """

    name = "nats"

    def __init__(self, directory: Path, *, passwords: Mapping[str, str], log: Path | None = None) -> None:
        """`passwords` by user; `setup` must be among them."""
        super().__init__(directory, log=log)
        self.passwords = passwords

    @property
    def url(self) -> str:
        """Without user; services add theirs from their settings."""
        return f"nats://{loopback(self.port)}"

    def url_of(self, user: str) -> str:
        """The URL with user and password, for tests and tools."""
        return f"nats://{user}:{self.passwords[user]}@{loopback(self.port)}"

    def prepare(self) -> None:
        """Write the configuration, which holds passwords, for our eyes only."""
        descriptor = os.open(self._configuration, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(self._settings(), file, indent=1)

    def command(self) -> list[str | Path]:
        """JSON is a subset of the server's configuration format."""
        return [program("nats-server"), "-c", self._configuration]

    def environment(self) -> Mapping[str, str]:
        """Go would rather take memory than collect it; idle it needs a quarter of this."""
        return {**super().environment(), "GOMEMLIMIT": "128MiB"}

    def answers(self) -> bool:
        """It listens once JetStream has recovered its streams."""
        return lets_in(self.port, SETUP, self.passwords[SETUP])

    @property
    def _configuration(self) -> Path:
        return self.directory / "nats.conf"

    def _settings(self) -> dict[str, object]:
        return {
            "host": HOST,
            "port": self.port,
            "server_name": "dermfolio",
            "max_payload": 1024 * 1024,
            "jetstream": {
                "store_dir": str(self.directory / "jetstream"),
                "max_memory_store": 64 * 1024 * 1024,
                "max_file_store": 10 * 1024**3,
                "sync_interval": "2m",  # cheap: PostgreSQL is the record, the outbox brings back what is lost
            },
            "authorization": {"users": [_user(name, password) for name, password in self.passwords.items()]},
        }


def _user(name: str, password: str) -> dict[str, object]:
    if name == SETUP:
        return {"user": name, "password": password}
    allowed = permissions_for(name)
    permissions: dict[str, object] = {
        "publish": {"allow": list(allowed.publish)},
        "subscribe": {"allow": list(allowed.subscribe)},
    }
    if allowed.reply_seconds:  # the server's own limit is two minutes, and no reply is let through after it
        permissions["allow_responses"] = {"max": 1, "expires": f"{allowed.reply_seconds}s"}
    return {"user": name, "password": password, "permissions": permissions}
