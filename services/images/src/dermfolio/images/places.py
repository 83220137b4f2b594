"""Places of photographs in the order of their pool: hexadecimal fractions, compared as text, digit by digit.

A place begins with the microsecond of the photograph's effective date, so that a pool which nobody has ordered by hand
is in the order of time; behind it come digits that tell photographs of one microsecond apart. Somebody who puts a
photograph beside another gives it a place within the other's microsecond, half way to the next one there: fractional
indexing (David Greenspan, "Implementing fractional indexing", 2020). No place ends in 0, so there is always one below.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from dermfolio.contracts.views.editing import Side

MOMENT_DIGITS = 15
"""Of the microseconds since the year 1, which are enough for the year 9999."""

LONGEST = 120
"""Characters of a place. Where halves get longer, the photographs of that microsecond are spread anew."""

_EPOCH = datetime(1, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ID_DIGITS = 6
_BASE = 16


def dated(effective_at: datetime, image: UUID) -> str:
    """The place that a photograph has by its date alone."""
    moment = (effective_at - _EPOCH) // _MICROSECOND
    # a last digit that is not 0 leaves room below: no fraction lies between 0.1 and 0.10
    return f"{moment:0{MOMENT_DIGITS}x}{image.hex[:_ID_DIGITS]}8"


def moment_of(place: str) -> str:
    """The microsecond that a place lies in: what every place there begins with."""
    return place[:MOMENT_DIGITS]


def beside(neighbour: str, following: str | None, side: Side) -> str | None:
    """A place on one side of a neighbour and before what follows there, in the neighbour's microsecond; None where
    there is no room.
    """
    moment = moment_of(neighbour)
    fraction = neighbour.removeprefix(moment)
    edge = following.removeprefix(moment) if following is not None and following.startswith(moment) else None
    low, high = (fraction, edge) if side == "newer" else (edge or "", fraction)
    if high is not None and low >= high:
        return None
    place = moment + _between(low, high)
    return place if len(place) <= LONGEST else None


def spread(moment: str, count: int) -> list[str]:
    """So many places of a microsecond, at even distances, in their order."""
    digits = len(f"{count:x}") + 1
    steps = (n * _BASE**digits // (count + 1) for n in range(1, count + 1))
    return [moment + f"{step:0{digits}x}".rstrip("0") for step in steps]


def _between(low: str, high: str | None) -> str:
    """A short fraction between two others that do not end in 0; `low` may be empty, which is 0, and `high` None: 1."""
    lowest = int(low[0], _BASE) if low else 0
    highest = int(high[0], _BASE) if high else _BASE
    if high and lowest == highest:
        return high[0] + _between(low[1:], high[1:])
    if highest - lowest > 1:
        return f"{(lowest + highest) // 2:x}"
    if high and len(high) > 1:
        return high[0]
    return f"{lowest:x}" + _between(low[1:], None)
