"""Checkpoints appended to a file, on a disk that the database's superuser cannot write to."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from dermfolio.audit.checkpoint_repository import Kept
from dermfolio.common.errors import Unavailable


class NoteFile:
    """A file that is only opened for appending, and waited for until the disk has it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def name(self) -> str:
        """A new path is a new destination."""
        return f"file:{self._path}"

    async def bring(self, checkpoints: Sequence[Kept]) -> None:
        """Append them, an empty line before each."""
        try:
            await asyncio.to_thread(
                self._append, "".join(f"\n{checkpoint.note}" for checkpoint in checkpoints).encode()
            )
        except OSError as error:
            raise Unavailable(f"the file of checkpoints: {error.strerror}") from error

    def _append(self, notes: bytes) -> None:
        with open(self._path, "ab", opener=_for_us) as file:
            file.write(notes)
            file.flush()
            os.fsync(file.fileno())


def _for_us(path: str, flags: int) -> int:
    return os.open(path, flags, 0o640)
