"""What patients are searched in, and sorted by when by name.

PostgreSQL's trigrams know letters beyond ASCII only where its locale does. Such a letter therefore stands in the
searched text as its number, so that every script is found by the index, whatever the locale: a capital, which no
searched text has otherwise and which says how many digits of base 36 follow. The alphabets between Greek and Arabic
need one, so that a trigram of it spans two letters.
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
_SHORT = range(0x370, 0x370 + 20 * 36)
"""Greek, Cyrillic, Armenian, Hebrew and most of Arabic, written with A to T and one digit."""

_LONG = range(5 * 36**3)
"""All that is in use, written with U to Y and three digits; the rest takes Z and four."""

_DIGITS = string.digits + string.ascii_lowercase
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


def is_anywhere(pattern: str) -> bool:
    """Whether a pattern finds its word anywhere."""
    return not pattern.startswith("% ")


def _in_ascii(word: str) -> str:
    return word if word.isascii() else "".join(c if c.isascii() else _numbered(ord(c)) for c in word)


def _numbered(code: int) -> str:
    if code in _SHORT:
        return _written(code - _SHORT.start, "A", 1)
    return _written(code, "U", 3) if code in _LONG else _written(code, "Z", 4)


def _written(number: int, leader: str, digits: int) -> str:
    text = ""
    for _ in range(digits):
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return chr(ord(leader) + number) + text
