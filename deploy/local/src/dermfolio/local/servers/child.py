"""One child process that never outlives us."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

# PR_SET_PDEATHSIG fires when the *thread* that started the child ends (prctl(2)), so every child is started by one
# thread that lives as long as the process does.
_spawner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spawner")


class Child:
    """A running or ended child process, known by its pid, with everything it started in its own process group."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def output(self) -> IO[bytes] | None:
        """The reading end of its output, if it was started with `output=None`."""
        return self._process.stdout

    @property
    def code(self) -> int | None:
        """None while it runs; then its exit code, or minus the signal that ended it."""
        return self._process.poll()

    def send(self, number: signal.Signals) -> None:
        """Send a signal to this process alone; nothing happens if it has ended."""
        self._process.send_signal(number)

    def wait(self, seconds: float) -> bool:
        """Wait at most `seconds` for the end; True if it has ended."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self, number: signal.Signals, seconds: float) -> None:
        """Ask it to end with `number`; after `seconds` without success, kill it and what it started."""
        self.send(number)
        if not self.wait(seconds):
            self.send(signal.SIGKILL)
        self.sweep()

    def kill(self) -> None:
        """End it at once, without any chance to tidy up, as a crash would."""
        self.send(signal.SIGKILL)
        self.sweep()

    def sweep(self) -> None:
        """Reap it, and kill what it started and left behind, as the end of a container would."""
        self._process.wait()
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    async def exited(self) -> int:
        """Wait for the end without blocking the loop; returns the exit code."""
        if (code := self.code) is not None:
            return code
        try:
            descriptor = os.pidfd_open(self.pid)
        except ProcessLookupError:  # reaped by another thread meanwhile
            return self._process.wait()
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()
        loop.add_reader(descriptor, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(descriptor)
            os.close(descriptor)
        return self._process.wait()


def spawn(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    directory: Path,
    output: Path | None,
    death_signal: signal.Signals = signal.SIGKILL,
    user: str | None = None,
) -> Child:
    """Start `command` in a session of its own, so that a terminal's Ctrl-C reaches only us.

    `output` is a file that standard output and errors are appended to, None a pipe (`Child.output`). When this process
    dies, however it dies, the kernel sends `death_signal` to the child. `user` (only as root) is the system user it
    runs as, without any privilege or supplementary group.

    Raises OSError if the command cannot be started.
    """
    drop = [] if user is None else ["--reuid", user, "--regid", user, "--clear-groups", "--no-new-privs"]
    full = ["setpriv", "--pdeathsig", death_signal.name.removeprefix("SIG"), *drop, "--", *map(str, command)]

    def start() -> Child:
        if output is None:
            sink: IO[bytes] | int = subprocess.PIPE
        else:
            sink = os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
        try:
            return Child(
                subprocess.Popen(
                    full,
                    stdin=subprocess.DEVNULL,
                    stdout=sink,
                    stderr=subprocess.STDOUT,
                    env=dict(environment),
                    cwd=directory,
                    start_new_session=True,
                )
            )
        finally:
            if not isinstance(sink, int):
                sink.close()

    return _spawner.submit(start).result()
