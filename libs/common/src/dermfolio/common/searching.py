"""Searching by name: capitals and accents make no difference, and every word has to occur somewhere."""

import unicodedata
from collections.abc import Sequence

_UNMARKED = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "\u0131": "i", "þ": "th"}
)
"""Letters that Unicode does not take apart, as they are typed where a keyboard does not have them."""


def searchable(*texts: str) -> str:
    """What is searched, of these texts together."""
    letters = unicodedata.normalize("NFKD", " ".join(texts)).casefold().translate(_UNMARKED)
    return "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")


def words(text: str) -> Sequence[str]:
    """The words of a search, in the form of what is searched."""
    return searchable(text).split()
