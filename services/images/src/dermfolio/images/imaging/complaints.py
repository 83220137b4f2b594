"""What libvips, and the libraries under it, complain of while they go on."""

import logging
from collections.abc import Callable
from types import TracebackType
from typing import Self

import pyvips

_LOG = logging.getLogger("pyvips")
_LOG.setLevel(logging.WARNING)


class Listening(logging.Handler):
    """Hears complaints for the length of a block: warnings as they come, and at its end errors that stopped nothing."""

    def __init__(self, is_damage: Callable[[str], bool]) -> None:
        super().__init__()
        self._is_damage = is_damage
        self.damage = False
        """Whether one of them tells of lost pixels."""

    def __enter__(self) -> Self:
        pyvips.vips_lib.vips_error_clear()  # what another file left behind is not this one's fault
        _LOG.addHandler(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _LOG.removeHandler(self)
        self._hear(pyvips.ffi.string(pyvips.vips_lib.vips_error_buffer()).decode(errors="replace"))
        pyvips.vips_lib.vips_error_clear()

    def emit(self, record: logging.LogRecord) -> None:
        """Hear a warning."""
        self._hear(record.getMessage())

    def _hear(self, said: str) -> None:
        self.damage = self.damage or self._is_damage(said)
