"""Who number N of a seed is: name, birth, how they are reached (PAT-1, PAT-2)."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from dermfolio.common.searching import searchable
from dermfolio.contracts.views.patients import Sex
from dermfolio.patients.invented.cultures import CULTURES, Culture
from dermfolio.patients.invented.words import REMARKS

T = TypeVar("T")

DUPLICATES_EVERY = 1000
"""Of so many people one is somebody whom the clinic has registered before, by mistake."""

_BORN, _BORN_LAST = date(1930, 1, 1), date(2015, 12, 31)
_SHARES = [*accumulate(culture.share for culture in CULTURES)]
_GENDERS = ("non-binary", "trans woman", "trans man")


def prefix_of(seed: int) -> str:
    """How the unique IDs of a seed's people begin."""
    return f"ev{seed}-"


def unique_id_of(seed: int, number: int) -> str:
    """The unique ID of a person."""
    return f"{prefix_of(seed)}{number:07d}"


def id_of(seed: int, number: int, what: str = "patient") -> UUID:
    """The id of a person, or of something of theirs. It keeps no secret, it only has to be the same each time."""
    digest = hashlib.md5(f"{seed}/{number}/{what}".encode(), usedforsecurity=False).digest()
    return UUID(bytes=digest, version=4)


def is_duplicate(number: int) -> bool:
    """Whether this is the person before, registered again, and merged into that record since."""
    return number % DUPLICATES_EVERY == DUPLICATES_EVERY - 1


def is_doubled(number: int) -> bool:
    """Whether the person after this one is the same."""
    return is_duplicate(number + 1)


def chance(seed: int, number: int, of: str) -> Random:
    """What decides about a person; always the same for the same person."""
    return Random(f"{seed}/{number}/{of}")  # noqa: S311 - nothing secret is made of it


def one(r: Random, choices: Sequence[T]) -> T:
    """One of them."""
    return choices[int(r.random() * len(choices))]


def culture_of(r: Random) -> Culture:
    """Where a family comes from."""
    place = r.random() * _SHARES[-1]
    return CULTURES[next(n for n, upto in enumerate(_SHARES) if place < upto)]


def person(seed: int, number: int) -> dict[str, Any]:
    """The columns of a patient that people write down. A duplicate has another unique ID and another record number, and
    a middle name that is missing elsewhere.
    """
    r = chance(seed, number - is_duplicate(number), "who")
    culture = culture_of(r)
    woman = r.random() < 0.53
    first = one(r, culture.women if woman else culture.men)
    last = one(r, (culture.families_of_women if woman else ()) or culture.families)
    middle = one(r, culture.women if woman else culture.men) if r.random() < 0.2 else None
    return {
        "id": id_of(seed, number),
        "unique_id": unique_id_of(seed, number),
        "first_name": first,
        "middle_name": None if is_duplicate(number) or middle == first else middle,
        "last_name": last,
        "preferred_name": first[:3] if r.random() < 0.04 and len(first) > 4 else None,
        "date_of_birth": _BORN + timedelta(int(r.random() ** 0.8 * (_BORN_LAST - _BORN).days)),
        "sex": (Sex.FEMALE if woman else Sex.MALE).value if r.random() < 0.99 else Sex.OTHER.value,
        "gender": one(r, _GENDERS) if r.random() < 0.01 else None,
        "email": _email(first, last, number) if r.random() < 0.6 else None,
        "phone": _filled(r, culture.phone) if r.random() < 0.8 else None,
        "address": _address(r, culture) if r.random() < 0.7 else None,
        "record_numbers": _record_numbers(r, number),
        "referring_physician": f"Dr {one(r, culture.families)}" if r.random() < 0.5 else None,
        "phototype": one(r, culture.phototypes) if r.random() < 0.6 else None,
        "notes": one(r, REMARKS) if r.random() < 0.06 else None,
    }


def language_of(seed: int, number: int) -> str:
    """In which language it is written about somebody."""
    return "fr" if number % 4 == seed % 4 else "en"


def _email(first: str, last: str, number: int) -> str:
    letters = ["".join(c for c in searchable(name) if "a" <= c <= "z") for name in (first, last)]
    name = ".".join(part for part in letters if part) or "patient"
    return f"{name}.{number}@example.org"


def _address(r: Random, culture: Culture) -> str:
    street = _filled(r, one(r, culture.streets).replace("#", str(1 + int(r.random() * 180))))
    return culture.address.format(street=street, town=one(r, culture.towns))


def _record_numbers(r: Random, number: int) -> list[dict[str, str]]:
    """Of the hospital for nearly everybody, of a laboratory for some."""
    found = [{"system": "Hospital", "number": f"MRN-{number * 7 + 1000000}"}] if r.random() < 0.9 else []
    if r.random() < 0.15:
        found.append({"system": "Histology", "number": f"H{int(r.random() * 90) + 10}-{number % 100000:05d}"})
    return found


def _filled(r: Random, pattern: str) -> str:
    return "".join(str(int(r.random() * 10)) if c == "#" else c for c in pattern)
