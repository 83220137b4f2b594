"""Keeps processes running: starts them, brings back what dies, stops them in order."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from dermfolio.local.servers.child import Child

log = structlog.get_logger()

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0
# Who has been up this long has recovered: the next death is answered as quickly as the first.
STEADY_SECONDS = 20.0


class NotReadyError(TimeoutError):
    """Processes were not ready in time."""

    def __init__(self, names: Sequence[str], seconds: float) -> None:
        self.names = names
        super().__init__(f"not ready after {seconds:.0f} s: {', '.join(names)}")


@dataclass(frozen=True)
class Spec:
    """One process to keep running."""

    name: str
    start: Callable[[], Awaitable[Child]]
    """Starts it, each time anew. An exception counts as a death."""
    ready: Callable[[], Awaitable[bool]] | None = None
    """Whether it does its work; None: it does once `start` returns."""
    stop_signal: signal.Signals = signal.SIGTERM


@dataclass
class Process:
    """A process that is kept running, as others see it."""

    spec: Spec
    child: Child | None = None
    starts: int = 0
    """How often it was started: more than once means that it died."""

    @property
    def name(self) -> str:
        """Its name in logs."""
        return self.spec.name

    @property
    def pid(self) -> int | None:
        """The process id, None while it is down."""
        return self.child.pid if self.running and self.child is not None else None

    @property
    def running(self) -> bool:
        """Whether there is a living process now."""
        return self.child is not None and self.child.code is None

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal, SIGKILL (after which it is down) unless told otherwise; nothing happens while it is down."""
        if self.child is not None:
            self.child.send(number)
            if number is signal.SIGKILL:
                self.child.wait(1.0)

    async def is_ready(self) -> bool:
        """Whether it runs and does its work."""
        return self.running and (self.spec.ready is None or await self.spec.ready())


class Supervisor:
    """Runs processes until told to stop; use it in one event loop."""

    def __init__(self) -> None:
        self.processes: dict[str, Process] = {}
        self._keepers: dict[str, asyncio.Task[None]] = {}

    def keep(self, spec: Spec, *, child: Child | None = None) -> Process:
        """Keep a process running from now on; `child` is the running one, if it was started already."""
        process = self.processes[spec.name] = Process(spec, child, starts=int(child is not None))
        self._watch(process)
        return process

    @asynccontextmanager
    async def down(self, name: str) -> AsyncIterator[None]:
        """Kill a process and keep it down for the length of the block."""
        process = self.processes[name]
        await _cancelled([self._keepers.pop(name)])
        if process.child is not None:
            process.child.kill()
            process.child = None
        try:
            yield
        finally:
            self._watch(process)

    async def ready(self, seconds: float) -> None:
        """Wait until every process is ready; raises NotReadyError naming those that are not."""
        deadline = time.monotonic() + seconds
        waiting = list(self.processes.values())
        while waiting := [p for p, ready in zip(waiting, await _all_ready(waiting), strict=True) if not ready]:
            if time.monotonic() > deadline:
                raise NotReadyError([process.name for process in waiting], seconds)
            await asyncio.sleep(0.05)

    async def release(self, names: Iterable[str]) -> list[Process]:
        """Keep these no longer, without touching what runs; names that are not kept are ignored."""
        known = [name for name in names if name in self._keepers]
        await _cancelled([self._keepers.pop(name) for name in known])
        return [self.processes.pop(name) for name in known]

    async def stop(self, names: Iterable[str], seconds: float) -> None:
        """Stop these side by side and keep them no longer; who needs more than `seconds` is killed."""
        await asyncio.gather(*(_stop(process, seconds) for process in await self.release(names)))

    def _watch(self, process: Process) -> None:
        self._keepers[process.name] = asyncio.create_task(_keep(process), name=f"keep {process.name}")


async def _cancelled(tasks: Sequence["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _keep(process: Process) -> None:
    pause = FIRST_PAUSE_SECONDS
    while True:
        started = time.monotonic()
        try:
            if process.child is None:
                process.child = await process.spec.start()
                process.starts += 1
            code: int | str = await process.child.exited()
            process.child.sweep()
        except Exception as error:  # noqa: BLE001 (whatever it was, nothing runs now)
            code = str(error)
        process.child = None
        if time.monotonic() - started > STEADY_SECONDS:
            pause = FIRST_PAUSE_SECONDS
        log.warning("process.died", process=process.name, code=code, restart_in=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


async def _all_ready(processes: Sequence[Process]) -> list[bool]:
    return await asyncio.gather(*(process.is_ready() for process in processes))


async def _stop(process: Process, seconds: float) -> None:
    child = process.child
    if child is None:
        return
    child.send(process.spec.stop_signal)
    try:
        async with asyncio.timeout(seconds):
            await child.exited()
    except TimeoutError:
        log.warning("process.killed", process=process.name, after=seconds)
    child.kill()
