"""`audit verify`, as an operator runs it."""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import pytest

from dermfolio.audit.chain import Place
from dermfolio.audit.notes import Checkpoint
from dermfolio.common.bus import Requests
from dermfolio.common.testing import Ground
from dermfolio.contracts.signed_notes import one_line
from dermfolio.ops import asking
from dermfolio.ops import audit as command

if TYPE_CHECKING:
    from pathlib import Path

    from services.audit.tests.conftest import Producers, Trail

Run = Callable[..., Awaitable[int]]


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

    def verify(*more: str) -> Awaitable[int]:
        arguments = parser.parse_args(["audit", "verify", *more])
        return asyncio.to_thread(arguments.run, arguments)

    return verify


@pytest.mark.req("AUD-3")
async def test_an_intact_trail_ends_with_0(
    audit: Requests, trail: Trail, producers: Producers, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    producers.images.say()
    await trail.take_up(producers.images)
    producers.patients.down = True
    assert await run() == 0
    printed = capsys.readouterr().out.splitlines()
    verdict, compared, *rest = printed[-3:]
    assert (verdict, rest) == (
        "The only record verifies.",
        ["patients: could not be asked for facts still to come."],
    )
    assert compared.startswith("Checkpoints compared: ")
    assert f"Verifier key: {(await trail.checkpoint_keys.known())[0]}" in compared


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


@pytest.mark.req("AUD-3")
async def test_checkpoints_kept_outside_show_what_was_cut_off(
    audit: Requests,
    trail: Trail,
    producers: Producers,
    run: Run,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    keys, files = trail.checkpoint_keys, [tmp_path / "kept", tmp_path / "log"]
    signer = await keys.signer()
    signed = Checkpoint(signer.name, Place(9, bytes(32)), "2026-03-01T12:30:00.000005Z")
    files[0].write_text(signer.note(signed.text))
    files[1].write_text(f"<109>1 - host x 1 checkpoint - {one_line(9, signer.note(signed.text))}\n")
    for file in files:
        assert await run("--checkpoints", str(file)) == 1
        printed = capsys.readouterr().out
        assert "missing at the end: a checkpoint of 2026-03-01T12:30:00.000005Z, kept outside, signed 9." in printed
        assert "1 from outside" in printed


async def test_files_that_hold_no_checkpoint_end_with_2(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other").write_text("nothing of the kind")
    assert await run("--checkpoints", str(tmp_path / "other")) == 2
    assert "these files hold no signed checkpoint" in capsys.readouterr().err
    assert await run("--checkpoints", str(tmp_path / "nowhere")) == 2
    assert "No such file" in capsys.readouterr().err


async def test_a_bus_that_cannot_be_reached_ends_with_2(
    run: Run, ground: Ground, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(asking, "CONNECT_SECONDS", 0.3)
    ground.nats.kill()
    assert await run() == 2
    assert "could not be verified" in capsys.readouterr().err
