"""What patients are searched in, and sorted by when by name.

PostgreSQL's trigrams know letters beyond ASCII only where its locale does. Such a letter therefore stands in the
searched text as its number, so that every script is found by the index, whatever the locale: in capitals, which no
searched text has otherwise. The first, of A to M, says how many of N to Z follow; so nothing that is searched begins or
ends within a letter. The alphabets from Greek to Arabic are short, for a trigram to span two letters.
"""

import string
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dermfolio.common.searching import searchable

NAMELESS = "\U0010ffff"
"""The sort key of who has no name: behind all names."""

ANYWHERE = 3
"""A word of so many letters is found anywhere, a shorter one at the beginning of a word."""

_KEY_LENGTH = 200
_LIKE = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})
_TAILS = string.ascii_uppercase[13:]
_GROUPS = (
    (0x370, "ABCDE", 2),  # Greek, Cyrillic, Armenian, Hebrew, Arabic
    (0, "FGHIJKL", 4),  # what else is in use
    (0, "M", 6),
)
"""Codes from the first on, leads, and how many tails follow each."""


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


def is_anywhere(pattern: str) -> bool:
    """Whether a pattern finds its word anywhere."""
    return not pattern.startswith("% ")


def _in_ascii(word: str) -> str:
    return word if word.isascii() else "".join(c if c.isascii() else _numbered(ord(c)) for c in word)


def _numbered(code: int) -> str:
    for first, leads, tails in _GROUPS:
        lead, number = divmod(code - first, len(_TAILS) ** tails)
        if 0 <= lead < len(leads):
            return leads[lead] + _written(number, tails)
    raise AssertionError("unreachable: the last group holds every code")


def _written(number: int, tails: int) -> str:
    """What varies most comes first, beside the letter before."""
    text = ""
    for _ in range(tails):
        number, tail = divmod(number, len(_TAILS))
        text += _TAILS[tail]
    return text
