"""The demonstration where it cannot succeed; that it succeeds is shown on the whole system."""

from pathlib import Path

import pytest

from dermfolio.local.servers.ports import free_ports
from dermfolio.ops.demo import run_demo


async def test_it_says_that_nobody_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    photo = tmp_path / "a.jpg"
    photo.write_bytes(b"not even a photograph")
    assert await run_demo(f"http://127.0.0.1:{free_ports(1)[0]}", "a password", [photo]) == 1
    assert "broke off" in capsys.readouterr().err


async def test_it_says_that_a_file_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert await run_demo("http://127.0.0.1:1", "a password", [tmp_path / "none.jpg"]) == 1
    assert "none.jpg" in capsys.readouterr().err
