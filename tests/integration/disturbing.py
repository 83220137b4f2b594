"""What befalls a running system: processes killed, servers away, the bus emptied, everything restarted in turn."""

import asyncio
import random
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import nats.errors
import nats.js.errors
import structlog

from dermfolio.contracts.streams import EVENTS, JOBS
from dermfolio.local.servers.child import Child
from dermfolio.local.stack import Stack
from dermfolio.local.supervisor import Process

from .truth import looking_into

log = structlog.get_logger()

_LOOK_AGAIN_SECONDS = 0.05


class Faults:
    """Sets faults at named points (`dermfolio.common.faults`), for each service by itself."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def environment(self, services: Iterable[str]) -> dict[str, dict[str, str]]:
        """What to tell each service's processes."""
        told: dict[str, dict[str, str]] = {}
        for service in services:
            directory = self._directory / service
            directory.mkdir(parents=True)
            told[service] = {"DERMFOLIO_FAULTS": str(directory)}
        return told

    def set(self, service: str, point: str, number: signal.Signals = signal.SIGKILL) -> None:
        """The first process of the service that comes by the point gets the signal."""
        unfinished = self._directory / f"{service}-{point}"
        unfinished.write_text(number.name)
        unfinished.rename(self._directory / service / point)

    async def happened(self, service: str, point: str, seconds: float) -> bool:
        """Wait for it; if it does not happen in time, it will not happen any more."""
        fault = self._directory / service / point
        try:
            await eventually(lambda: not fault.exists(), seconds)
        except TimeoutError:
            fault.unlink(missing_ok=True)
            return False
        return True


async def eventually(holds: Callable[[], bool], seconds: float) -> None:
    """Look until it holds; raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not after {seconds:.0f} s")
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)


def processes_of(stack: Stack, *services: str) -> list[Process]:
    """The processes of these services, or of all of them; servers are none."""
    found = [p for name, p in stack.processes.items() if name not in stack.servers]
    return [p for p in found if not services or p.name.split("-")[0] in services]


async def disturb_at_random(stack: Stack, chance: random.Random, *, seconds: float, pause: float) -> None:
    """Every `pause` seconds on average: kill -9 of a process, seldom of a server, or the bus is emptied."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        match chance.choices(("process", "server", "bus"), (15, 3, 2))[0]:
            case "process":
                chance.choice(processes_of(stack)).kill()
            case "server":
                stack.processes[chance.choice(sorted(stack.servers))].kill()
            case _:
                await empty_the_bus(stack)
        await asyncio.sleep(chance.uniform(0, 2 * pause))


@asynccontextmanager
async def away(stack: Stack, name: str, number: signal.Signals = signal.SIGKILL) -> AsyncIterator[None]:
    """A process or server that is gone for the length of the block."""
    process = stack.processes[name]
    spec, over = process.spec, asyncio.Event()

    async def start() -> Child:
        await over.wait()
        return await spec.start()

    process.spec = replace(spec, start=start)
    process.kill(number)
    try:
        await eventually(lambda: not process.running, 30)
        yield
    finally:
        process.spec = spec
        over.set()


async def empty_the_bus(stack: Stack) -> None:
    """Jobs and events are gone, acknowledged or not, and their streams with them; if the bus is there at all."""
    try:
        async with looking_into(stack) as truth:
            for stream in (JOBS, EVENTS):
                await truth.bus.delete_stream(stream.name)
    except (nats.errors.Error, nats.js.errors.Error, OSError, TimeoutError) as error:
        log.info("disturbing.no_bus", error=type(error).__name__)


async def restart_in_turn(stack: Stack, *, seconds: float = 120.0) -> None:
    """A rolling restart: SIGTERM to the first process of every kind, then, once all are ready again, to the second."""
    for number in sorted({process.name.rpartition("-")[2] for process in processes_of(stack)}):
        wave = [(p, p.starts) for p in processes_of(stack) if p.name.endswith(f"-{number}")]
        for process, _ in wave:
            process.kill(signal.SIGTERM)
        for process, starts in wave:
            await eventually(lambda p=process, n=starts: p.starts > n, seconds)  # type: ignore[misc]
        await stack.ready(seconds)
