"""What becomes of alignments and landmarks, in the form they are stored in, when a photograph is turned.

Turns are quarters, clockwise; a negative number turns back.
"""

import numpy as np

from dermfolio.registration.geometry.planes import applied, inverse
from dermfolio.registration.geometry.values import Matrix, Points, fixed

_QUARTER = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
"""Clockwise: what was on the left is above, what was above is on the right."""


def turned(matrix: Matrix, *, moving: int = 0, reference: int = 0) -> Matrix:
    """The alignment of the same two photographs after each was turned by so many quarters."""
    return fixed(_turn(reference) @ matrix @ inverse(_turn(moving)))


def points_turned(points: Points, quarters: int) -> Points:
    """Where places of a photograph are after it was turned by so many quarters."""
    return applied(_turn(quarters), points)


def _turn(quarters: int) -> Matrix:
    return np.linalg.matrix_power(_QUARTER, quarters % 4)
