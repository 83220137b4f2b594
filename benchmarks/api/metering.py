"""CPU time of processes, and of the database's backends by database."""

import re
from collections.abc import Mapping, Sequence

import psutil

Meter = dict[str, float]
"""CPU seconds, user and system, by name."""

_BACKEND = re.compile(r"postgres: (\w+) (\w+) 127\.0\.0\.1")
DATABASE = "PostgreSQL"


def read_meter(processes: Mapping[str, int], postmaster: int, databases: Sequence[str]) -> Meter:
    """CPU so far of processes by name, each with its children, and of the backends of `databases` together."""
    meter = {name: _tree(pid) for name, pid in processes.items()}
    meter[DATABASE] = sum(
        _own(child)
        for child in psutil.Process(postmaster).children()
        if (found := _BACKEND.match(_title(child))) is not None and found[2] in databases
    )
    return meter


def difference(before: Meter, after: Meter) -> Meter:
    """What was used meanwhile."""
    return {name: after[name] - before[name] for name in after}


def _tree(pid: int) -> float:
    process = psutil.Process(pid)
    return _own(process) + sum(map(_own, process.children(recursive=True)))


def _own(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def _title(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""
