"""Text that people type: bounded, without control characters."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def printable(value: str) -> str:
    """Give back a line without control characters. Raises ValueError when there are any."""
    if any(unicodedata.category(c) in {"Cc", "Cs"} for c in value):
        raise ValueError("must not contain control characters")
    return value


def printable_lines(value: str) -> str:
    """Give back lines without other control characters. Raises ValueError when there are any."""
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in value):
        raise ValueError("must not contain control characters")
    return value


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(printable)]
"""One line of up to 200 characters."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(printable)]
"""One line of up to 500 characters."""

Prose = Annotated[str, StringConstraints(max_length=10_000), AfterValidator(printable_lines)]
"""Several lines, up to 10,000 characters."""
