"""What a whole system costs: how fast it is there again, and how much memory it holds."""

import asyncio
import re
import time
from pathlib import Path

import psutil

from benchmarks.rows import Row, bound
from dermfolio.local.scratch import scratch_directory
from dermfolio.local.stack import Stack

QUIET_SECONDS = 60.0
_PSS = re.compile(r"^Pss:\s+(\d+) kB$", re.MULTILINE)


def rows() -> list[Row]:
    """The figures of this benchmark; starts a system of its own, twice."""
    seconds, megabytes = asyncio.run(_measured())
    return [
        bound("stack.second_start_seconds", seconds, "s", "start on existing data, until everything is ready", 15),
        bound("stack.pss_mb", megabytes, "MB", "PSS of all processes, one of each, 60 s after readiness", 1200),
    ]


async def _measured() -> tuple[float, float]:
    with scratch_directory() as directory:
        async with Stack(directory / "run"):
            pass
        began = time.monotonic()
        async with Stack(directory / "run") as stack:
            seconds = time.monotonic() - began
            await asyncio.sleep(QUIET_SECONDS)
            return seconds, _megabytes(stack)


def _megabytes(stack: Stack) -> float:
    parts = {name: _pss(process.pid or 0) for name, process in stack.processes.items()}
    print("  " + ", ".join(f"{name} {mb:.0f} MB" for name, mb in parts.items()), flush=True)
    return sum(parts.values())


def _pss(pid: int) -> float:
    """Proportional set size of a process and all it started, in MB (proc_pid_smaps_rollup(5))."""
    process = psutil.Process(pid)
    found = 0
    for one in (process, *process.children(recursive=True)):
        try:
            found += int(_PSS.findall(Path(f"/proc/{one.pid}/smaps_rollup").read_text())[0])
        except (FileNotFoundError, ProcessLookupError):
            continue  # ended meanwhile
    return found * 1024 / 1e6
