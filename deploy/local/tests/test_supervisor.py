"""The supervisor brings back what dies."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from dermfolio.local import supervisor as module
from dermfolio.local.servers.child import Child, spawn
from dermfolio.local.supervisor import Process, Spec, Supervisor

SLEEP = "import time; time.sleep(600)"
FALL = "raise SystemExit(3)"
DEAF = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"


def spec(directory: Path, name: str, code: str = SLEEP) -> Spec:
    async def start() -> Child:
        return spawn([sys.executable, "-c", code], environment={}, directory=directory, output=directory / name)

    return Spec(name, start)


@asynccontextmanager
async def supervising(*specs: Spec) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor()
    for one in specs:
        supervisor.keep(one)
    try:
        yield supervisor
    finally:
        await supervisor.stop(list(supervisor.processes), 0.5)


async def eventually(condition: Callable[[], bool]) -> None:
    for _ in range(3000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


async def reaches(process: Process, starts: int) -> None:
    await eventually(lambda: process.starts >= starts and process.running)


async def test_a_killed_process_comes_back_as_another(tmp_path: Path):
    async with supervising(spec(tmp_path, "one"), spec(tmp_path, "two")) as supervisor:
        await supervisor.ready(30)
        one, two = supervisor.processes["one"], supervisor.processes["two"]
        before, other = one.pid, two.pid
        one.kill()
        await reaches(one, 2)
        assert one.pid != before
        assert (two.pid, two.starts) == (other, 1)


async def test_ready_is_not_said_of_one_that_was_just_killed(tmp_path: Path):
    async with supervising(spec(tmp_path, "one")) as supervisor:
        await supervisor.ready(30)
        supervisor.processes["one"].kill()
        await supervisor.ready(30)
        assert supervisor.processes["one"].starts == 2


async def test_who_falls_again_and_again_is_tried_less_and_less_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.05)
    with capture_logs() as logs:
        async with supervising(spec(tmp_path, "one", FALL)):
            await eventually(lambda: len(logs) >= 4)
    assert [line["restart_in"] for line in logs][:4] == [0.05, 0.1, 0.2, 0.4]
    assert {(line["event"], line["process"], line["code"]) for line in logs} == {("process.died", "one", 3)}


async def test_who_was_up_for_long_is_brought_back_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "STEADY_SECONDS", 0.2)
    with capture_logs() as logs:
        async with supervising(spec(tmp_path, "one", "import time; time.sleep(0.3)")):
            await eventually(lambda: len(logs) >= 3)
    assert {line["restart_in"] for line in logs} == {module.FIRST_PAUSE_SECONDS}


async def test_one_that_cannot_be_started_is_tried_again(tmp_path: Path):
    works = spec(tmp_path, "one")
    attempts: list[int] = []

    async def start() -> Child:
        attempts.append(1)
        if len(attempts) < 3:
            raise RuntimeError("port taken")
        return await works.start()

    async with supervising(Spec("one", start)) as supervisor:
        await reaches(supervisor.processes["one"], 1)
        assert len(attempts) == 3


async def test_says_who_is_not_ready(tmp_path: Path):
    async def never() -> bool:
        return False

    slow = Spec("slow", spec(tmp_path, "slow").start, never)
    async with supervising(slow, spec(tmp_path, "quick")) as supervisor:
        with pytest.raises(TimeoutError, match=r"slow$"):
            await supervisor.ready(0.5)


async def test_stop_ends_everything_in_time_even_the_deaf(tmp_path: Path):
    async with supervising(spec(tmp_path, "one"), spec(tmp_path, "deaf", DEAF)) as supervisor:
        await supervisor.ready(30)
        await eventually(lambda: "up" in (tmp_path / "deaf").read_text())
        children = [process.child for process in supervisor.processes.values()]
        began = time.monotonic()
        await supervisor.stop(["one", "deaf", "unknown"], 0.5)
        assert time.monotonic() - began < 5
        assert [child.code for child in children if child] == [-signal.SIGTERM, -signal.SIGKILL]
        assert not supervisor.processes


async def test_one_can_be_kept_down_for_a_while(tmp_path: Path):
    async with supervising(spec(tmp_path, "one")) as supervisor:
        await supervisor.ready(30)
        process = supervisor.processes["one"]
        async with supervisor.down("one"):
            await asyncio.sleep(0.5)
            assert (process.running, process.pid, process.starts) == (False, None, 1)
        await reaches(process, 2)


async def test_a_released_process_runs_on_and_is_not_brought_back(tmp_path: Path):
    async with supervising(spec(tmp_path, "one")) as supervisor:
        await supervisor.ready(30)
        [process] = await supervisor.release(["one"])
        assert process.running
        process.kill()
        await asyncio.sleep(0.5)
        assert (process.starts, process.running) == (1, False)
