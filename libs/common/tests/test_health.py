"""Probes: live while the loop turns, ready when nothing is missing, metrics for who counts."""

import asyncio
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest

from dermfolio.common import health as module
from dermfolio.common.health import Health
from dermfolio.local.servers.ports import free_ports

Probe = Callable[[str], tuple[int, str]]


@pytest.fixture
def health() -> Iterator[Health]:
    one = Health("127.0.0.1", free_ports(1)[0])
    one.start()
    yield one
    one.stop()


@pytest.fixture
def probe(health: Health) -> Probe:
    def get(path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{health._port}{path}", timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    return get


def test_a_process_whose_loop_turns_is_live(probe: Probe) -> None:
    assert probe("/livez") == (200, "live")


async def test_a_process_whose_loop_is_stuck_is_not_live_until_it_turns_again(
    health: Health, probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STUCK_SECONDS", 0.2)
    health.turned()
    probing = asyncio.get_running_loop().run_in_executor(None, _after, 0.5, probe)
    time.sleep(1)  # noqa: ASYNC251 - the loop is stuck, and the probe answers from its thread
    assert await probing == (503, "stuck")
    health.turned()
    assert probe("/livez") == (200, "live")


def _after(seconds: float, probe: Probe) -> tuple[int, str]:
    time.sleep(seconds)
    return probe("/livez")


def test_a_process_that_starts_is_not_ready(probe: Probe) -> None:
    assert probe("/readyz") == (503, "start: starting")


def test_readiness_says_what_is_missing(health: Health, probe: Probe) -> None:
    health.report({"bus": "not connected", "database": "database: TimeoutError"})
    assert probe("/readyz") == (503, "bus: not connected\ndatabase: database: TimeoutError")
    health.report({})
    assert probe("/readyz") == (200, "ready")


def test_metrics_are_served_and_nothing_else(probe: Probe) -> None:
    status, text = probe("/metrics")
    assert status == 200
    assert "dermfolio_bus_connected" in text
    for path in ("/", "/admin", "/livez/..", "/metrics2"):
        assert probe(path)[0] == 404
