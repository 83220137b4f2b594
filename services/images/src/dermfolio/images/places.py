"""Places of photographs in the order of their pool: hexadecimal fractions, compared as text, digit by digit.

A place begins with the microsecond of the photograph's effective date, so that a pool which nobody has ordered by hand
is in the order of time; behind it come digits that tell photographs of one microsecond apart.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

MOMENT_DIGITS = 15
"""Of the microseconds since the year 1, which are enough for the year 9999."""

_EPOCH = datetime(1, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ID_DIGITS = 6


def dated(effective_at: datetime, image: UUID) -> str:
    """The place that a photograph has by its date alone."""
    moment = (effective_at - _EPOCH) // _MICROSECOND
    # a last digit that is not 0 leaves room below: no fraction lies between 0.1 and 0.10
    return f"{moment:0{MOMENT_DIGITS}x}{image.hex[:_ID_DIGITS]}8"
