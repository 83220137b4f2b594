"""Where the embedded stack keeps things."""

import hashlib
import os
from pathlib import Path

_STATE = Path("/var/lib/dermfolio")
_ORIGIN = "origin"


def checkout() -> Path:
    """The top of the checkout that this code runs from."""
    return Path(__file__).resolve().parents[5]


def run_directory() -> Path:
    """Data of `make run`."""
    return checkout() / "var" / "run"


def web_directory() -> Path | None:
    """Where tools/web.sh puts the built user interface; None before it is built."""
    built = checkout() / "var" / "web"
    return built if (built / "index.html").exists() else None


def outside() -> Path | None:
    """The directory outside the checkout that PostgreSQL is given when we are root; None otherwise.

    PostgreSQL refuses to run as root, and the user that it runs as may not be able to reach the checkout.
    """
    return _STATE / _digest(checkout()) if os.geteuid() == 0 else None


def outside_of(directory: Path) -> Path | None:
    """The part of `outside()` that belongs to the data directory `directory`."""
    place = outside()
    return None if place is None else place / _digest(directory.resolve())


def mark_outside(directory: Path) -> None:
    """Note down whose data `outside_of(directory)`, which exists, holds."""
    if (place := outside_of(directory)) is not None:
        (place / _ORIGIN).write_text(str(directory.resolve()))


def kept_outside() -> list[tuple[Path, Path]]:
    """What is kept outside the checkout: each part, and the data directory that it belongs to."""
    place = outside()
    return [(mark.parent, Path(mark.read_text())) for mark in place.glob(f"*/{_ORIGIN}")] if place else []


def prefix() -> str:
    """How the names of this checkout's scratch directories begin."""
    return f"dermfolio-{_digest(checkout())}-"


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
