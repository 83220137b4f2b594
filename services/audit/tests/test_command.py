"""`audit verify`, as an operator runs it."""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import pytest

from dermfolio.common.bus import Requests
from dermfolio.common.testing import Ground
from dermfolio.ops import asking
from dermfolio.ops import audit as command

if TYPE_CHECKING:
    from pathlib import Path

    from services.audit.tests.conftest import Producers, Trail

Run = Callable[[], Awaitable[int]]


@pytest.fixture
def run(ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command with an operator's settings; returns its exit code."""
    seed = ground.signer("ops")._key.private_bytes_raw()
    (tmp_path / "nats_password").write_text(ground.nats.passwords["ops"])
    (tmp_path / "signing_key").write_text(base64.urlsafe_b64encode(seed).decode())
    monkeypatch.setenv("DERMFOLIO_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("DERMFOLIO_NATS_URL", ground.nats.url)
    monkeypatch.setenv("DERMFOLIO_TRUSTED_KEYS", json.dumps(ground.trusted_keys))
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["audit", "verify"])
    return lambda: asyncio.to_thread(arguments.run, arguments)


@pytest.mark.req("AUD-3")
async def test_an_intact_trail_ends_with_0(
    audit: Requests, trail: Trail, producers: Producers, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    producers.images.say()
    await trail.take_up(producers.images)
    producers.patients.down = True
    assert await run() == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[-2:] == ["The only record verifies.", "patients: could not be asked for facts still to come."]


@pytest.mark.req("AUD-3")
async def test_a_changed_record_ends_with_1_and_is_named(
    audit: Requests, trail: Trail, producers: Producers, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(9):
        producers.images.say()
    await trail.take_up(producers.images)
    trail.tamper("UPDATE trail SET body = replace(body::text, 'viewed', 'vieued')::json WHERE position = 6")
    assert await run() == 1
    assert "Record 6 was changed after it was written." in (printed := capsys.readouterr().out)
    assert "First broken record: 6 (edited)." in printed


async def test_a_bus_that_cannot_be_reached_ends_with_2(
    run: Run, ground: Ground, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(asking, "CONNECT_SECONDS", 0.3)
    ground.nats.kill()
    assert await run() == 2
    assert "could not be verified" in capsys.readouterr().err
