"""Decoding in confined processes of their own: a crash or a hang rejects that file and nothing else.

Each process has pipes of its own, so that one which dies in the middle of a word leaves the others alone. They are
started afresh, never forked: a forked libvips hangs.
"""

import asyncio
import contextlib
import json
import os
import sys
from dataclasses import asdict, dataclass
from typing import Self, cast

import structlog

from dermfolio.common import faults
from dermfolio.common.errors import Unavailable
from dermfolio.images import frames
from dermfolio.images.imaging import Developed, Limits, Reason, Rejected

log = structlog.get_logger()

TRIES = 2
"""A process may be ended for reasons that are not the file's (an operator, the kernel); the file gets another."""

_READ_AHEAD = 1024 * 1024
_START_SECONDS = 60.0
END_SECONDS = 5.0
"""For a decoder to finish its file when the pool ends."""

ALARM_AFTER = 10.0
"""Seconds by which a decoder outlives its own limit where nobody is left to end it."""

ENVIRONMENT = {
    "VIPS_BLOCK_UNTRUSTED": "1",
    "VIPS_CONCURRENCY": "1",
    "MALLOC_ARENA_MAX": "1",  # one thread allocates at a time; more arenas only hold on to memory
    "TMPDIR": os.devnull,  # pixels never reach a disk: a temporary file would be an error
    "LC_ALL": "C.UTF-8",
}
"""All that a decoding process is told; no secret, no address."""


@dataclass(frozen=True)
class Confinement:
    """Under what decoding processes live, and for how many files."""

    seconds: float
    memory_bytes: int
    limits: Limits
    files_per_process: int

    def argument(self) -> str:
        """As the process reads it."""
        told = {"memory_bytes": self.memory_bytes, "seconds": self.seconds + ALARM_AFTER, "limits": asdict(self.limits)}
        return json.dumps(told)


class Died(Exception):  # noqa: N818
    """A decoding process ended, or spoke nonsense, before it gave an outcome."""


class Decoder:
    """One decoding process, and the words with it."""

    def __init__(
        self, process: asyncio.subprocess.Process, files: asyncio.StreamWriter, outcomes: asyncio.StreamReader
    ) -> None:
        self._process = process
        self._input, self._output = files, outcomes
        self.files = 0
        self.broken = True

    @classmethod
    async def started(cls, confinement: Confinement) -> Self:
        """A process that is warm. Raises Unavailable when there can be none."""
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-m", "dermfolio.images.decoder", confinement.argument()),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=ENVIRONMENT,
                start_new_session=True,  # Ctrl-C in a terminal is for the service, which then ends its decoders
                limit=_READ_AHEAD,
            )
        except OSError as error:
            raise Unavailable("no decoding process can be started") from error
        decoder = cls(process, cast(asyncio.StreamWriter, process.stdin), cast(asyncio.StreamReader, process.stdout))
        try:
            async with asyncio.timeout(_START_SECONDS):
                await decoder._frame()
        except (Died, frames.Malformed, TimeoutError) as error:
            raise Unavailable("a decoding process does not start") from error
        else:
            decoder.broken = False
        finally:
            if decoder.broken:
                await decoder.end(seconds=0)
        return decoder

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can take a file."""
        return self._process.returncode is None and not self.broken

    async def develop(self, data: bytes, seconds: float, rotation: int = 0) -> Developed | Rejected:
        """Hand a file over, to be turned by so many degrees, and wait for its outcome. Raises Died.

        Unless there is an outcome, the process is `broken` and gets no other file.
        """
        self.files += 1
        self.broken = True
        try:
            async with asyncio.timeout(seconds):
                outcome = await self._told(frames.asked(data, rotation))
        except Died:
            raise
        except TimeoutError:
            self._kill()
            return Rejected(Reason.TOOK_TOO_LONG)
        except BaseException:
            self._kill()
            raise
        self.broken = False
        return outcome

    async def _told(self, asked: list[bytes]) -> Developed | Rejected:
        try:
            self._input.writelines(frames.framed(part) for part in asked)
            faults.point("decode.begun")
            await self._input.drain()
        except (ConnectionError, RuntimeError) as error:
            raise Died("it does not listen") from error
        try:
            head = await self._frame()
            renditions = [await self._frame() for _ in range(frames.announced(head))]
            return frames.read(head, renditions)
        except frames.Malformed as error:
            self._kill()
            raise Died("it speaks nonsense") from error

    async def _frame(self) -> bytes:
        try:
            return await self._output.readexactly(frames.length(await self._output.readexactly(frames.HEAD)))
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise Died("it ended in the middle of a word") from error

    async def end(self, *, seconds: float | None = None) -> int:
        """Let the process end with its input, and end it when it has not; returns its exit code."""
        self._input.close()
        try:
            async with asyncio.timeout(END_SECONDS if seconds is None else seconds):
                return await self._process.wait()
        except TimeoutError:
            self._kill()
            return await self._process.wait()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):  # it has ended by itself
            self._process.kill()


class DecodingPool:
    """Decoding processes, started ahead. An async context manager."""

    def __init__(
        self,
        *,
        workers: int = 2,
        seconds: float = 30.0,
        memory_mb: int = 1024,
        limits: Limits | None = None,
        files_per_process: int = 500,
        waiting_at_most: int = 32,
    ) -> None:
        self._confinement = Confinement(seconds, memory_mb * 1024 * 1024, limits or Limits(), files_per_process)
        self._workers = workers
        self._waiting_at_most = waiting_at_most
        self._waiting = 0
        self._free: asyncio.LifoQueue[Decoder | None] = asyncio.LifoQueue()  # the one used last has its pages in cache
        self._decoders: set[Decoder] = set()
        self._ending = False

    async def __aenter__(self) -> Self:
        try:
            async with asyncio.TaskGroup() as starting:
                started = [starting.create_task(self._start()) for _ in range(self._workers)]
        except ExceptionGroup as failures:
            await self.__aexit__()
            raise failures.exceptions[0] from None
        for task in started:
            self._free.put_nowait(task.result())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._ending = True
        await asyncio.gather(*(self._end(decoder) for decoder in tuple(self._decoders)))

    @property
    def processes(self) -> list[int]:
        """Process ids of the decoders."""
        return [decoder.pid for decoder in self._decoders]

    async def develop(self, data: bytes, rotation: int = 0) -> Developed | Rejected:
        """Make the renditions of a file in another process, turned clockwise by so many degrees, or say why not.

        Raises Unavailable when there are no processes, or too many files wait for one: it is not the file's fault.
        """
        if self._waiting >= self._waiting_at_most:
            raise Unavailable("too many files wait to be decoded")
        self._waiting += 1
        try:
            decoder = await self._free.get()
        finally:
            self._waiting -= 1
        try:
            for attempt in range(1, TRIES + 1):
                decoder = await self._fresh(decoder)
                try:
                    return await decoder.develop(data, self._confinement.seconds, rotation)
                except Died as death:
                    if self._ending:
                        raise Unavailable("decoding has ended") from death
                    log.warning("decoder.died", attempt=attempt, cause=str(death))
            return Rejected(Reason.DECODER_CRASHED)
        finally:
            self._free.put_nowait(decoder)

    async def _fresh(self, decoder: Decoder | None) -> Decoder:
        """The same, or another one where it is dead or worn: what a decoder leaks stays small."""
        if self._ending:
            raise Unavailable("decoding has ended")
        if decoder is not None and decoder.alive and decoder.files < self._confinement.files_per_process:
            return decoder
        if decoder is not None:
            await self._end(decoder)
        return await self._start()

    async def _start(self) -> Decoder:
        decoder = await Decoder.started(self._confinement)
        self._decoders.add(decoder)
        return decoder

    async def _end(self, decoder: Decoder) -> None:
        code = await decoder.end()
        self._decoders.discard(decoder)
        if code:
            log.info("decoder.ended", code=code)
