"""An OpenID Provider for tests: `oidc-provider-mock`, where anybody signs in as anybody."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from dermfolio.local.servers.child import Child, spawn
from dermfolio.local.servers.ports import HOST, free_ports

START_SECONDS = 60.0
STOP_SECONDS = 5.0


class OidcProvider:
    """A provider process for the length of an `async with` block; `users` are what it claims of each."""

    def __init__(self, directory: Path, *users: Mapping[str, object], name: str = HOST) -> None:
        """`name`: what the issuer calls this machine; to browsers `localhost` is another site than an address."""
        [self._port] = free_ports(1)
        self._directory = directory
        self._users = users
        self._child: Child | None = None
        self.issuer = f"http://{name}:{self._port}"

    async def __aenter__(self) -> Self:
        """Start; ready inside the block. Raises TimeoutError."""
        users = [part for user in self._users for part in ("--user-claims", json.dumps(user))]
        self._child = spawn(
            [sys.executable, "-m", "oidc_provider_mock", "--port", str(self._port), "--require-nonce", "true", *users],
            environment=os.environ,
            directory=self._directory,
            output=self._directory / "oidc-provider.log",
        )
        deadline = time.monotonic() + START_SECONDS
        while not await self._listens():
            if time.monotonic() > deadline:
                self._child.kill()
                raise TimeoutError("the OpenID Provider does not listen")
            await asyncio.sleep(0.05)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        if self._child is not None:
            await asyncio.to_thread(self._child.stop, signal.SIGTERM, STOP_SECONDS)

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection(HOST, self._port)
        except OSError:
            return False
        writer.close()
        return True
