"""What patients are searched in, and sorted by when by name.

PostgreSQL's trigrams know letters beyond ASCII only where its locale does. Such a letter therefore stands in the
searched text as its number, so that every script is found by the index, whatever the locale.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dermfolio.common.searching import searchable

NAMELESS = "\U0010ffff"
"""The sort key of who has no name: behind all names."""

ANYWHERE = 3
"""A word of so many letters is found anywhere, a shorter one at the beginning of a word."""

_KEY_LENGTH = 200
_WRITTEN = {ord(sign): f"<{ord(sign):x}>" for sign in "<>"}
_LIKE = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


def searched(unique_id: str, names: Iterable[str | None], record_numbers: Sequence[Mapping[str, Any]]) -> str:
    """The words by which a patient is found, each behind a space."""
    texts = (unique_id, *names, *(record["number"] for record in record_numbers))
    words = searchable(" ".join(text for text in texts if text)).split()
    return "".join(f" {_in_ascii(word)}" for word in words)


def name_key(last: str | None, first: str | None, preferred: str | None, middle: str | None) -> str:
    """What a patient is sorted by among names: family name, then given names; a tab comes before every letter."""
    parts = [" ".join(searchable(name).split()) for name in (last, first or preferred, middle) if name]
    return "\t".join(parts)[:_KEY_LENGTH] or NAMELESS


def patterns(text: str) -> list[str]:
    """For LIKE: one for each word of a search."""
    return [
        f"%{'' if len(word) >= ANYWHERE else ' '}{_in_ascii(word).translate(_LIKE)}%"
        for word in searchable(text).split()
    ]


def _in_ascii(word: str) -> str:
    return "".join(_WRITTEN.get(ord(c), c) if c.isascii() else f"<{ord(c):x}>" for c in word)
