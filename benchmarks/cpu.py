"""Where the CPU goes: by process of the stack, by others that take part, and by the benchmark itself."""

import time
from collections.abc import Mapping

from benchmarks.api.metering import Meter, difference, read_meter
from dermfolio.local.stack import Stack

ITSELF = "this benchmark"
TOLD_FROM = 0.01
"""Of one core: what uses less is not worth a word."""


class Cpu:
    """Counts from the moment it is made."""

    def __init__(self, stack: Stack, others: Mapping[str, int]) -> None:
        """`others` are process ids by name; every process counts with its children."""
        self._pids = {name: process.pid or 0 for name, process in stack.processes.items()} | dict(others)
        self._began = time.monotonic()
        self._before = self._read()

    def used(self) -> Meter:
        """CPU seconds per second since then, by name."""
        seconds = time.monotonic() - self._began
        return {name: cpu / seconds for name, cpu in difference(self._before, self._read()).items()}

    def _read(self) -> Meter:
        return read_meter(self._pids, self._pids["postgres"], ()) | {ITSELF: time.process_time()}


def told(used: Meter) -> str:
    """In words, in parts of one core, the most first."""
    most = sorted(used.items(), key=lambda item: -item[1])
    return ", ".join(f"{name} {share:.0%}" for name, share in most if share >= TOLD_FROM)
