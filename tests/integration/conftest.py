"""One system with two of everything for all of these tests: each test leaves it whole."""

import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from dermfolio.local.places import checkout
from dermfolio.local.scratch import scratch_directory
from dermfolio.local.services import SERVICES
from dermfolio.local.stack import Stack

from .clinic import Clinic, opened
from .disturbing import Faults
from .two_sites import World, made

SOAK = os.environ.get("DERMFOLIO_SOAK") == "1"
START_SECONDS = 180.0


@dataclass(frozen=True)
class System:
    """The running system, and how to disturb it."""

    stack: Stack
    faults: Faults
    clinic: Clinic


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def system(request: pytest.FixtureRequest) -> AsyncIterator[System]:
    """Two of every service and two gateways. PostgreSQL waits for the disk: it is going to be killed."""
    with scratch_directory() as directory:
        faults = Faults(directory / "faults")
        stack = Stack(directory / "run", replicas=2, env=faults.environment(kind.name for kind in SERVICES))
        await stack.start(START_SECONDS)
        try:
            async with opened(stack) as clinic:
                yield System(stack, faults, clinic)
        finally:
            await stack.stop()
            if request.session.testsfailed:
                _keep_logs(stack.directory / "logs")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(system: System) -> AsyncIterator[World]:
    """Two sites and somebody of each role, for the matrix; its tests change nothing of it."""
    async with made(system.stack, system.clinic.password) as one:
        yield one


def _keep_logs(logs: Path) -> None:
    """For whoever has to find out why."""
    kept = checkout() / "var" / "integration-logs"
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(logs, kept)
