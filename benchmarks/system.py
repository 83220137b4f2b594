"""A whole system to measure: fresh, durable, signed in."""

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from dermfolio.local.first_admin import USER
from dermfolio.local.scratch import scratch_directory
from dermfolio.local.stack import Stack
from dermfolio.ops.api_client import Api


@dataclass(frozen=True)
class System:
    """A running stack, and the password of its admin, who works at its only site."""

    stack: Stack
    password: str

    @asynccontextmanager
    async def signed_in(self, gateway: int = 0) -> AsyncIterator[Api]:
        """A client of one of the gateways, signed in."""
        async with Api(self.stack.gateways[gateway]) as api:
            await api.sign_in(USER, self.password)
            yield api


@asynccontextmanager
async def running(*, replicas: int = 1, env: Mapping[str, Mapping[str, str]] | None = None) -> AsyncIterator[System]:
    """Start a system that waits for its disk, and is gone afterwards; `env` as of Stack."""
    with scratch_directory() as directory:
        async with Stack(directory / "run", replicas=replicas, env=env) as stack:
            assert stack.first_admin_password is not None
            password = f"Aa1-{secrets.token_urlsafe(16)}"
            async with Api(stack.gateways[0]) as api:
                await api.sign_in(USER, stack.first_admin_password)
                await api.change_password(stack.first_admin_password, password)
            yield System(stack, password)
