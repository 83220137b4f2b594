"""MinIO as the S3 store, where its server can be had."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from dermfolio.local.programs import program
from dermfolio.local.servers.object_store import SETUP, ObjectStore
from dermfolio.local.servers.server import loopback


def is_wanted() -> bool:
    """Whether `DERMFOLIO_LOCAL_STORE=minio` asks for MinIO instead of SeaweedFS, and there is one on PATH."""
    return os.environ.get("DERMFOLIO_LOCAL_STORE") == "minio" and shutil.which("minio") is not None


class MinIO(ObjectStore):
    """A single MinIO server; `setup` is its root user, and everyone else must share its credentials."""

    name = "minio"
    port_count: ClassVar[int] = 2

    def prepare(self) -> None:
        """Make the data directory."""
        (self.directory / "data").mkdir(mode=0o700, exist_ok=True)

    def command(self) -> list[str | Path]:
        """S3 and the console, which the environment turns off, on loopback."""
        address, console = self._ports
        return [
            program("minio"),
            "server",
            f"--address={loopback(address)}",
            f"--console-address={loopback(console)}",
            self.directory / "data",
        ]

    def environment(self) -> Mapping[str, str]:
        """Root user, no browser console, no calls home, memory bounded."""
        root = self.identities[SETUP]
        return {
            **super().environment(),
            "HOME": str(self.directory),
            "MINIO_ROOT_USER": root.access_key,
            "MINIO_ROOT_PASSWORD": root.secret_key,
            "MINIO_BROWSER": "off",
            "MINIO_UPDATE": "off",
            "MINIO_CALLHOME_ENABLE": "off",
            "GOMEMLIMIT": "256MiB",
        }
