"""The output of many processes on one terminal: each line behind the name of its process, in its colour."""

import asyncio
import os
import sys
from typing import IO, TextIO

_COLOURS = (36, 32, 33, 35, 34, 96, 92, 93, 95, 94)


class Console:
    """Prints lines of processes; colours only on a terminal and where NO_COLOR (no-color.org) is not set."""

    def __init__(self, stream: TextIO = sys.stdout, *, width: int = 18) -> None:
        self._stream = stream
        self._width = width
        self._coloured = stream.isatty() and "NO_COLOR" not in os.environ
        self._colours: dict[str, int] = {}

    async def follow(self, name: str, pipe: IO[bytes]) -> None:
        """Print what comes out of `pipe`, in the background, until it is closed at the other end."""
        await asyncio.get_running_loop().connect_read_pipe(lambda: _Lines(self, name), pipe)

    def line(self, name: str, text: str) -> None:
        """Print one line of the process `name`."""
        prefix = f"{name:<{self._width}}│ "
        if self._coloured:
            colour = self._colours.setdefault(name, _COLOURS[len(self._colours) % len(_COLOURS)])
            prefix = f"\x1b[{colour}m{prefix}\x1b[0m"
        self._stream.write(f"{prefix}{text}\n")
        self._stream.flush()


class _Lines(asyncio.Protocol):
    """Cuts a stream of bytes into lines."""

    def __init__(self, console: Console, name: str) -> None:
        self._console = console
        self._name = name
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        """Print the lines that are whole."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._print(line)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Print what came without an end of line."""
        if self._rest:
            self._print(self._rest)

    def _print(self, line: bytes) -> None:
        self._console.line(self._name, line.decode(errors="replace"))
