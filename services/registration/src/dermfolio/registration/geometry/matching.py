"""Details of one photograph and the like ones of the other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dermfolio.registration.geometry.features import Features
from dermfolio.registration.geometry.values import Points

_RATIO = 0.85
"""How much nearer than the second nearest the nearest must be (Lowe, IJCV 2004, 7.1; there 0.8)."""


@dataclass(frozen=True)
class Matches:
    """n pairs of details that look alike."""

    moving: Points
    reference: Points
    turns: NDArray[np.float64]
    """By how much each detail is turned, in radians, from the moving to the reference."""
    growths: NDArray[np.float64]
    """By how much each detail is larger on the reference, as a natural logarithm."""

    def __len__(self) -> int:
        return len(self.moving)

    def where(self, chosen: NDArray[np.bool_]) -> "Matches":
        """Some of them."""
        return Matches(self.moving[chosen], self.reference[chosen], self.turns[chosen], self.growths[chosen])


def matches(moving: Features, reference: Features) -> Matches:
    """Those that are each other's nearest, and clearly nearer than the next."""
    if len(reference) < 2:  # nothing that the nearest could be nearer than
        return Matches(np.empty((0, 2)), np.empty((0, 2)), np.empty(0), np.empty(0))
    alike = moving.described @ reference.described.T
    rows = np.arange(len(moving))
    there = alike.argmax(axis=1)
    best = alike[rows, there]
    mutual = alike.argmax(axis=0)[there] == rows if len(rows) else np.empty(0, dtype=bool)
    alike[rows, there] = -1
    second = alike.max(axis=1)
    # of unit vectors the squared distance is 2 less twice the product
    kept = mutual & (1 - best < _RATIO**2 * (1 - second))
    there = there[kept]
    turns = reference.angles[there] - moving.angles[kept]
    return Matches(
        moving=moving.places[kept],
        reference=reference.places[there],
        turns=np.asarray((turns + np.pi) % (2 * np.pi) - np.pi),
        growths=np.log(reference.scales[there] / moving.scales[kept]),
    )
