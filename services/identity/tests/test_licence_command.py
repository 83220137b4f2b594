"""`licence show`, as an operator runs it."""

import argparse
import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from dermfolio.common.bus import Requests
from dermfolio.common.db import Database
from dermfolio.common.licences import issue
from dermfolio.common.testing import Ground
from dermfolio.contracts.messages import now
from dermfolio.ops import asking
from dermfolio.ops import licence as command

from .licences import VENDOR, licence

pytestmark = pytest.mark.req("LIC-1")

Run = Callable[[], Awaitable[int]]


@pytest.fixture
def run(ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command with an operator's settings; returns its exit code."""
    seed = ground.signer("ops")._key.private_bytes_raw()
    secrets = tmp_path / "ops"
    secrets.mkdir()
    (secrets / "nats_password").write_text(ground.nats.passwords["ops"])
    (secrets / "signing_key").write_text(base64.urlsafe_b64encode(seed).decode())
    monkeypatch.setenv("DERMFOLIO_SECRETS_DIR", str(secrets))
    monkeypatch.setenv("DERMFOLIO_NATS_URL", ground.nats.url)
    monkeypatch.setenv("DERMFOLIO_TRUSTED_KEYS", json.dumps(ground.trusted_keys))
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["licence", "show"])
    return lambda: asyncio.to_thread(arguments.run, arguments)


async def test_the_running_installation_tells_its_licence_and_whether_photographs_can_be_added(
    identity: Requests, db: Database, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run() == 0
    printed = capsys.readouterr().out
    assert printed.startswith("State: valid. The licence is in force.\nLicensee: Hautklinik Zürich.\n")
    assert printed.endswith("Sites in use: 1.\n")
    ended = issue(licence(valid_until=now() - timedelta(hours=1)), VENDOR).decode()
    await db.execute("UPDATE licence SET file = $1", ended)
    assert await run() == 1
    assert "State: expired." in capsys.readouterr().out
    await db.execute("UPDATE licence SET file = NULL")
    assert await run() == 1
    assert "No licence is installed." in capsys.readouterr().out


async def test_a_bus_that_cannot_be_reached_ends_with_2(
    run: Run, ground: Ground, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(asking, "CONNECT_SECONDS", 0.3)
    ground.nats.kill()
    assert await run() == 2
    assert "could not be asked" in capsys.readouterr().err
