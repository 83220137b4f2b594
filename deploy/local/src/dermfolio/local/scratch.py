"""Scratch directories that are gone afterwards, even if their process was killed."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dermfolio.local import places

# A directory may not be locked yet by the process that has just made it.
_JUST_MADE_SECONDS = 60.0


class DirectoryInUseError(RuntimeError):
    """Another process runs a stack on this directory."""


@contextmanager
def claimed(directory: Path) -> Iterator[None]:
    """Hold `directory` (made if missing) for this process alone; raises DirectoryInUseError if another one holds it.

    The lock is the kernel's, so it ends with the process however that ends.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DirectoryInUseError(f"another process is running on {directory}") from None
        yield
    finally:
        os.close(descriptor)


@contextmanager
def scratch_directory() -> Iterator[Path]:
    """A fresh directory (0700), removed at the end with what PostgreSQL kept elsewhere for it.

    Leftovers of killed processes of the same checkout are removed first.
    """
    _sweep()
    directory = Path(tempfile.mkdtemp(prefix=places.prefix()))
    with claimed(directory):
        try:
            yield directory
        finally:
            remove(directory)  # while it is still ours: another process sweeps what nobody claims


def remove(directory: Path) -> None:
    """Remove a data directory and what PostgreSQL kept elsewhere for it."""
    for elsewhere, origin in places.kept_outside():
        if origin.is_relative_to(directory.resolve()):
            shutil.rmtree(elsewhere)
    shutil.rmtree(directory)


def _sweep() -> None:
    for elsewhere, origin in places.kept_outside():
        if any(part.startswith(places.prefix()) for part in origin.parts) and not origin.exists():
            shutil.rmtree(elsewhere, ignore_errors=True)  # another process may be faster
    for directory in Path(tempfile.gettempdir()).glob(places.prefix() + "*"):
        try:
            status = directory.stat()
            if status.st_uid != os.geteuid() or time.time() - status.st_mtime < _JUST_MADE_SECONDS:
                continue
            with claimed(directory):
                remove(directory)
        except (DirectoryInUseError, FileNotFoundError):
            continue  # in use, or another process was faster
