"""The lines of many processes on one terminal."""

import asyncio
import io
import os

from dermfolio.local.console import Console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_lines_carry_the_name_and_no_colour_outside_a_terminal():
    out = io.StringIO()
    Console(out, width=10).line("images", "hello")
    assert out.getvalue() == "images    │ hello\n"


def test_each_process_has_a_colour_of_its_own_on_a_terminal(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    out = Terminal()
    console = Console(out)
    for name in ("images", "audit", "images"):
        console.line(name, "x")
    first, second, third = (line.split("m", 1)[0] for line in out.getvalue().splitlines())
    assert first == third != second


async def test_output_is_cut_into_lines_even_when_it_comes_in_pieces_and_ends_without_one():
    out = io.StringIO()
    reading, writing = os.pipe()
    await Console(out, width=2).follow("a", os.fdopen(reading, "rb"))
    with os.fdopen(writing, "wb", buffering=0) as pipe:
        pipe.write(b"one\ntw")
        await asyncio.sleep(0.05)
        pipe.write(b"o\n\xff\nend")
    for _ in range(1000):
        if "end" in out.getvalue():
            break
        await asyncio.sleep(0.01)
    assert out.getvalue().splitlines() == ["a │ one", "a │ two", "a │ �", "a │ end"]
