"""The processes that make renditions. Each reads a job a line and answers with the CPU seconds it took."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dermfolio.images.imaging.develop import SIZES

ROOT = Path(__file__).parents[2]
_HERE = Path(__file__).parent / "sharp"
_INSTALLED = ROOT / "var/bench/sharp"
_BIN = Path(sys.executable).parent


class Contestant:
    """A process under measurement."""

    def __init__(self, name: str, process: "subprocess.Popen[str]") -> None:
        self.name = name
        self.cpu_seconds = 0.0
        self._process = process
        self.about = self._answer()
        """What it says of itself: versions, threads."""

    def render(self, original: Path, prefix: Path, *, counted: bool = True) -> None:
        """Make `<prefix><size>.webp` for every size."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"path": str(original), "prefix": str(prefix)}) + "\n")
        self._process.stdin.flush()
        seconds = self._answer()["cpu_seconds"]
        if counted:
            self.cpu_seconds += seconds

    def peak_bytes(self) -> int:
        """Peak of the resident set. Not ru_maxrss: that starts with the peak of the process it was started by."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return 1024 * int(status.partition("VmHWM:")[2].split()[0])

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended with {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def ours() -> Iterator[Contestant]:
    """The imaging core, as a decoding process holds it."""
    with _started("ours", [sys.executable, "-m", "benchmarks.ingest.render", "develop"]) as contestant:
        yield contestant


@contextmanager
def floor() -> Iterator[Contestant]:
    """One full decode and three encodes of finished pictures, with our settings."""
    with _started("floor", [sys.executable, "-m", "benchmarks.ingest.render", "floor"]) as contestant:
        yield contestant


@contextmanager
def sharp() -> Iterator[Contestant]:
    """The npm package, in the version of the lock file."""
    _install()
    node = [str(_BIN / "node"), "render.js", json.dumps(SIZES)]
    with _started("sharp", node, _INSTALLED) as contestant:
        yield contestant


def _install() -> None:
    """Bring var/bench/sharp to what the lock file says; no script of a package runs."""
    lock = (_HERE / "package-lock.json").read_bytes()
    fresh = _INSTALLED / "package-lock.json"
    _INSTALLED.mkdir(parents=True, exist_ok=True)
    shutil.copy(_HERE / "render.js", _INSTALLED)
    if fresh.exists() and fresh.read_bytes() == lock and (_INSTALLED / "node_modules/.package-lock.json").exists():
        return
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(_HERE / name, _INSTALLED)
    command = [str(_BIN / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=_INSTALLED, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _started(name: str, command: list[str], directory: Path = ROOT) -> Iterator[Contestant]:
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=directory, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield Contestant(name, process)
        finally:
            process.kill()
