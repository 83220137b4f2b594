"""Child processes never outlive their parent."""

import asyncio
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from dermfolio.local.scratch import scratch_directory
from dermfolio.local.servers.child import Child, spawn

_PARENT = """
import os, signal, sys
from pathlib import Path
from dermfolio.local.secrets import hexadecimal, password
from dermfolio.local.servers.nats_server import NatsServer
from dermfolio.local.servers.object_store import SETUP, Credentials
from dermfolio.local.servers.postgres import Postgres
from dermfolio.local.servers.seaweedfs import SeaweedFS

place = Path(sys.argv[1])
servers = [
    Postgres(place / "postgres", password=password(), durable=False),
    NatsServer(place / "nats", passwords={"setup": password()}),
    SeaweedFS(
        place / "seaweedfs",
        identities={SETUP: Credentials(hexadecimal(), password())},
        keys={name: hexadecimal() for name in SeaweedFS.key_names},
    ),
]
for server in servers:
    server.start()
print(*(server.pid for server in servers), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def sleeper(directory: Path, code: str = "import time; time.sleep(600)") -> Child:
    log = directory / "log"
    return spawn([sys.executable, "-c", code], environment={}, directory=directory, output=log)


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_servers_die_with_a_parent_that_is_killed():
    with scratch_directory() as directory:
        parent = subprocess.run([sys.executable, "-c", _PARENT, directory], capture_output=True, text=True, check=False)
        assert parent.returncode == -signal.SIGKILL, parent.stderr
        pids = [int(word) for word in parent.stdout.split()]
        assert len(pids) == 3
        until(lambda: not any(psutil.pid_exists(pid) for pid in pids))


def test_a_child_outlives_the_thread_that_started_it(tmp_path: Path):
    children: list[Child] = []
    thread = threading.Thread(target=lambda: children.append(sleeper(tmp_path)))
    thread.start()
    thread.join()
    assert not children[0].wait(0.3)
    children[0].kill()


def test_stop_is_kind_at_first(tmp_path: Path):
    polite = (
        "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(7)); print('up', flush=True); time.sleep(600)"
    )
    child = sleeper(tmp_path, polite)
    until(lambda: "up" in (tmp_path / "log").read_text())
    child.stop(signal.SIGTERM, 20)
    assert child.code == 7


def test_stop_ends_who_does_not_listen(tmp_path: Path):
    child = sleeper(
        tmp_path, "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
    )
    until(lambda: "up" in (tmp_path / "log").read_text())
    child.stop(signal.SIGTERM, 0.1)
    assert child.code == -signal.SIGKILL


def test_kill_takes_what_it_started_along(tmp_path: Path):
    again = "[sys.executable, '-c', 'import time; time.sleep(600)']"
    code = f"import subprocess, sys, time; print(subprocess.Popen({again}).pid, flush=True); time.sleep(600)"
    child = sleeper(tmp_path, code)
    until(lambda: (tmp_path / "log").read_text().strip() != "")
    grandchild = psutil.Process(int((tmp_path / "log").read_text()))
    child.kill()
    until(lambda: not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE)


async def test_its_end_is_awaited_without_blocking(tmp_path: Path):
    child = sleeper(tmp_path)
    waiting = [asyncio.create_task(child.exited()) for _ in range(3)]
    await asyncio.sleep(0.05)
    assert not any(task.done() for task in waiting)
    child.send(signal.SIGTERM)
    assert await asyncio.wait_for(asyncio.gather(*waiting), 20) == [-signal.SIGTERM] * 3
    assert await child.exited() == -signal.SIGTERM


def test_says_when_a_command_cannot_be_started(tmp_path: Path):
    child = spawn(["no-such-program"], environment={"PATH": "/bin"}, directory=tmp_path, output=tmp_path / "log")
    assert child.wait(20)
    assert child.code == 127
    with pytest.raises(FileNotFoundError):
        spawn(["true"], environment={}, directory=tmp_path / "missing", output=tmp_path / "log")
