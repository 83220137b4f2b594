"""Decoding in spawned, confined processes: a crash or a hang rejects that file and nothing else."""

import asyncio
import multiprocessing
from concurrent.futures import TimeoutError as TookTooLong
from typing import Self

import structlog
from pebble import ProcessExpired, ProcessPool

from dermfolio.common import faults
from dermfolio.images.imaging import Developed, Limits, Reason, Rejected, develop
from dermfolio.images.imaging.confine import confine

log = structlog.get_logger()

TASKS_PER_PROCESS = 500
"""Then it is replaced, so that what a decoder leaks stays small."""

TRIES = 2
"""A process may be ended for reasons that are not the file's (an operator, the kernel); the file gets another."""


class DecodingPool:
    """Spawned processes that develop files; `fork` would hang libvips. An async context manager."""

    def __init__(
        self, *, workers: int = 2, seconds: float = 30.0, memory_mb: int = 1024, limits: Limits | None = None
    ) -> None:
        self._workers = workers
        self._seconds = seconds
        self._memory_bytes = memory_mb * 1024 * 1024
        self._limits = limits or Limits()
        self._slots = asyncio.Semaphore(workers)

    async def __aenter__(self) -> Self:
        self._pool = ProcessPool(
            max_workers=self._workers,
            max_tasks=TASKS_PER_PROCESS,
            initializer=confine,
            initargs=[self._memory_bytes],
            context=multiprocessing.get_context("spawn"),
        )
        await asyncio.gather(*(self.develop(b"") for _ in range(self._workers)))  # the first photograph finds them warm
        return self

    async def __aexit__(self, *_: object) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        await asyncio.to_thread(self._pool.join, 5)

    async def develop(self, data: bytes) -> Developed | Rejected:
        """Make the renditions of a file in another process, or say why not."""
        async with self._slots:
            for attempt in range(1, TRIES + 1):
                future = self._pool.schedule(develop, args=[data, self._limits], timeout=self._seconds)
                faults.point("decode.begun")
                try:
                    outcome: Developed | Rejected = await asyncio.wrap_future(future)
                except TookTooLong:
                    return Rejected(Reason.TOOK_TOO_LONG)
                except (ProcessExpired, MemoryError) as error:
                    log.warning("decoder.died", attempt=attempt, error=type(error).__name__)
                else:
                    return outcome
        return Rejected(Reason.DECODER_CRASHED)
