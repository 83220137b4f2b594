"""The whole system, started as processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import psutil
import pytest

from dermfolio.local import places
from dermfolio.local.scratch import DirectoryInUseError, scratch_directory
from dermfolio.local.servers.minio_server import MinIO
from dermfolio.local.servers.nats_server import NatsServer
from dermfolio.local.servers.postgres import Postgres
from dermfolio.local.servers.seaweedfs import SeaweedFS
from dermfolio.local.services import SERVICES
from dermfolio.local.stack import GATEWAYS_STOP_SECONDS, SERVICES_STOP_SECONDS, Stack, StackError

NAMES = {f"{kind.name}-{role}" for kind in SERVICES for role in kind.roles}
SERVERS = {"postgres", "nats", "seaweedfs"}


@pytest.fixture
def place() -> Iterator[Path]:
    with scratch_directory() as directory:
        yield directory / "run"


def ours(directory: Path) -> set[int]:
    """Processes whose command or environment names the directory, or what PostgreSQL keeps elsewhere for it."""
    names = [str(directory), str(places.outside_of(directory / "servers/postgres") or directory)]
    found = set()
    for process in psutil.process_iter():
        try:
            told = [*process.cmdline(), *process.environ().values()]
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        if process.pid != os.getpid() and any(name in text for name in names for text in told):
            found.add(process.pid)
    return found


async def test_starts_two_of_everything_and_brings_back_what_dies(place: Path):
    env = {"images-work": {"DERMFOLIO_LOG_LEVEL": "debug"}, "audit-serve-2": {"DERMFOLIO_LOG_LEVEL": "error"}}
    async with Stack(place, replicas=2, env=env, durable=False) as stack:
        assert set(stack.processes) == {f"{name}-{n}" for name in NAMES for n in (1, 2)} | SERVERS
        assert stack.first_admin_password is not None
        assert not (place / "secrets/identity/first_admin_password").exists()
        assert len(set(stack.gateways)) == 2
        for url in stack.gateways:
            async with aiohttp.request("GET", f"{url}/api/v1/patients") as answer:
                assert answer.status == 401
        levels = {
            name: psutil.Process(process.pid).environ().get("DERMFOLIO_LOG_LEVEL")
            for name, process in stack.processes.items()
            if name not in SERVERS
        }
        assert {name for name, level in levels.items() if level == "debug"} == {"images-work-1", "images-work-2"}
        assert {name for name, level in levels.items() if level == "error"} == {"audit-serve-2"}

        before = {name: process.pid for name, process in stack.processes.items()}
        urls = [server.url for server in stack.servers.values()]
        killed = {"nats", "images-work-1", "gateway-serve-2", "postgres"}
        for name in killed:
            stack.processes[name].kill()
        await stack.ready(100)
        after = {name: process.pid for name, process in stack.processes.items()}
        assert {name for name in before if before[name] != after[name]} == killed
        assert [server.url for server in stack.servers.values()] == urls
        assert all(server.pid == after[name] for name, server in stack.servers.items())

        with pytest.raises(DirectoryInUseError):
            await Stack(place).start()
        began = time.monotonic()
    assert time.monotonic() - began < 60
    assert not ours(place)


def test_what_does_not_stop_by_itself_is_killed_early_enough_for_ten_seconds():
    servers = max(server.stop_seconds for server in (Postgres, NatsServer, SeaweedFS, MinIO))
    assert GATEWAYS_STOP_SECONDS + SERVICES_STOP_SECONDS + servers <= 8


async def test_says_what_failed_and_leaves_nothing_running(place: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("dermfolio.local.stack.newest", lambda _: "9999")
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(StackError, match="migrate failed"):
        await Stack(place, durable=False).start()
    assert not ours(place)


def run(directory: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "dermfolio.local", "run", "--port", "0", "--directory", directory],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=places.checkout(),
    )


def lines_until_ready(process: "subprocess.Popen[str]") -> list[str]:
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            return lines
    raise AssertionError("".join(lines))


def test_make_run_prints_the_password_once_survives_a_crash_and_stops_on_ctrl_c(place: Path):
    first = run(place)
    said = "".join(lines_until_ready(first))
    assert "http://127.0.0.1:" in said
    assert "one-time password" in said
    first.kill()
    first.wait()
    deadline = time.monotonic() + 60
    while ours(place):
        assert time.monotonic() < deadline
        time.sleep(0.1)

    second = run(place)
    said = "".join(lines_until_ready(second))
    assert "one-time password" not in said
    assert "\x1b[" not in said
    assert any(line.startswith("images-work-1") for line in said.splitlines())
    began = time.monotonic()
    second.send_signal(signal.SIGINT)
    second.communicate(timeout=60)
    assert second.returncode == 0
    assert time.monotonic() - began < 60
    assert not ours(place)
