"""`licence keygen|issue|verify`, as vendors and operators run them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dermfolio.common.licences import read
from dermfolio.common.note_keys import SigningKey, VerifierKey
from dermfolio.contracts.messages import now
from dermfolio.ops.__main__ import main

pytestmark = pytest.mark.req("LIC-1")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a licence command; returns its exit code and what it said."""

    def do(*arguments: object) -> tuple[int, str, str]:
        code = main(["licence", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return do


@pytest.fixture
def key(tmp_path: Path, run: Run) -> str:
    """The public key of a vendor whose private one is in `vendor.key`."""
    code, out, _ = run("keygen", tmp_path / "vendor.key", "--name", "vendor.example")
    assert code == 0
    return re.search(r'\["(.*)"\]', out)[1]  # type: ignore[index] - or the test fails


YEAR = now().year


def test_a_vendor_makes_a_key_and_issues_a_licence_that_verifies(tmp_path: Path, run: Run, key: str) -> None:
    private, file = tmp_path / "vendor.key", tmp_path / "clinic.licence"
    assert private.stat().st_mode & 0o777 == 0o600
    code, out, _ = run(
        "issue", file, "--key", private, "--licensee", "A clinic", "--sites", 3, "--until", f"{YEAR + 2}-12-31"
    )
    assert (code, SigningKey.parse(private.read_text()).public.id in out) == (0, True)
    licence = read(file.read_bytes(), [VerifierKey.parse(key)])
    assert (licence.licensee, licence.sites, licence.profile) == ("A clinic", 3, "production")
    assert licence.valid_until.isoformat() == f"{YEAR + 2}-12-31T23:59:59+00:00", "the last day counts whole"
    code, out, _ = run("verify", file, "--key", key)
    assert code == 0
    assert "Licensee: A clinic." in out
    assert out.endswith("The licence is in force.\n")
    assert SigningKey.parse(private.read_text()).text().strip() not in out


def test_verify_tells_what_is_wrong_and_ends_with_1(tmp_path: Path, run: Run, key: str) -> None:
    private, file = tmp_path / "vendor.key", tmp_path / "clinic.licence"
    run(
        "issue",
        file,
        "--key",
        private,
        "--licensee",
        "A clinic",
        "--sites",
        "unlimited",
        "--until",
        f"{YEAR + 2}-01-01",
    )
    good = file.read_bytes()
    _, out, _ = run("keygen", tmp_path / "other.key", "--name", "other.example")
    other = re.search(r'\["(.*)"\]', out)[1]  # type: ignore[index]
    for content, arguments, words in (
        (good[:-5], ["--key", key], "its end is missing"),
        (good.replace(b"A clinic", b"B clinic"), ["--key", key], "changed after it was signed"),
        (b"a letter", ["--key", key], "not a licence"),
        (good, ["--key", other], "does not trust"),
        (good, ["--key", key, "--profile", "evaluation"], "another kind of installation"),
    ):
        file.write_bytes(content)
        code, said, _ = run("verify", file, *arguments)
        assert (code, words in said) == (1, True), said
    run(
        "issue",
        tmp_path / "later",
        "--key",
        private,
        "--licensee",
        "A",
        "--sites",
        1,
        "--from",
        f"{YEAR + 1}-12-30",
        "--until",
        f"{YEAR + 2}-01-01",
    )
    code, said, _ = run("verify", tmp_path / "later", "--key", key)
    assert (code, "not valid yet" in said) == (1, True)


def test_what_cannot_be_done_is_said_and_leaves_nothing(tmp_path: Path, run: Run, key: str) -> None:
    private, file = tmp_path / "vendor.key", tmp_path / "clinic.licence"
    fields = ["--licensee", "A clinic", "--sites", "3", "--until", f"{YEAR + 2}-12-31"]

    def refused(*arguments: object) -> str:
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        return err

    assert "exists" in refused("keygen", private, "--name", "again")
    assert "without spaces" in refused("keygen", tmp_path / "new.key", "--name", "two words")
    assert not (tmp_path / "new.key").exists()
    assert "ended already" in refused("issue", file, "--key", private, *fields[:-1], "2001-01-01")
    assert "unreadable" in refused("issue", file, "--key", private, *fields[:2], "--sites", "0", *fields[4:])
    default = tmp_path / "default.key"
    default.write_text(SigningKey("vendor.example", bytes(32)).text())
    default.chmod(0o600)
    assert "not random" in refused("issue", file, "--key", default, *fields)
    default.write_text("changeme")
    assert "not a private key" in refused("issue", file, "--key", default, *fields)
    private.chmod(0o640)
    assert "chmod 600" in refused("issue", file, "--key", private, *fields)
    assert not file.exists()
    assert "No such file" in refused("verify", file, "--key", key)
    file.write_bytes(b"mine")
    private.chmod(0o600)
    assert "exists" in refused("issue", file, "--key", private, *fields)
    assert file.read_bytes() == b"mine"
    assert "three parts" in refused("verify", file, "--key", "changeme")
