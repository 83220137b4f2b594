"""How often something may be done: the generic cell rate algorithm (ITU-T I.371), one bucket per key.

Each gateway counts for itself: the limits keep one process from being worn out by one caller, and cost no message.
What must hold for the whole installation, the guessing of passwords, identity counts in its database.
"""

import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

KEYS = 20_000
"""Buckets that are remembered; those not used for longest are forgotten first."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second in the long run, and so many at once."""

    per_second: float
    burst: int


class Rates:
    """Buckets of one rate."""

    def __init__(self, rate: Rate) -> None:
        self._interval = 1.0 / rate.per_second
        self._slack = self._interval * (rate.burst - 1)
        self._due: OrderedDict[Hashable, float] = OrderedDict()

    def wait(self, key: Hashable) -> float | None:
        """The seconds after which one more would be within the rate; None when it is now. Counts nothing."""
        early = self._due.get(key, 0.0) - time.monotonic() - self._slack
        return early if early > 0 else None

    def take(self, key: Hashable) -> float | None:
        """Count one; None when it is within the rate, else the seconds after which it would be."""
        if (early := self.wait(key)) is not None:
            return early
        self._due[key] = max(self._due.get(key, 0.0), time.monotonic()) + self._interval
        self._due.move_to_end(key)
        if len(self._due) > KEYS:
            self._due.popitem(last=False)
        return None
