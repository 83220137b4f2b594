"""What a form of an export is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID


def nothing(_export: UUID, _records: int, _upto: int) -> str:
    """No end."""
    return ""


@dataclass(frozen=True, slots=True)
class Form:
    """A text with a beginning, a line for each record as it is stored, and an end."""

    line: Callable[[Any], str]
    head: str = ""
    tail: Callable[[UUID, int, int], str] = nothing
    """Of the export, how many records it holds, and up to which position."""
