"""The form in which alignments and landmarks are kept: both photographs scaled to a unit square.

A place is (x, y) with 0 at the left and upper edge of the photograph and 1 at its right and lower edge, whatever its
size. Edges, not centres: the centre of the first of n pixels in a row is at 0.5 / n, that of the last at 1 - 0.5 / n.
In full-resolution pixels, as elsewhere in this package, the centre of the top left pixel is (0, 0).
"""

import numpy as np

from dermfolio.registration.geometry.planes import Size, applied, inverse
from dermfolio.registration.geometry.values import Matrix, Points, fixed


def to_stored(matrix: Matrix, moving: Size, reference: Size) -> Matrix:
    """Pixels to pixels as unit square to unit square. Sizes are (columns, rows)."""
    return fixed(_unit(reference) @ matrix @ inverse(_unit(moving)))


def from_stored(matrix: Matrix, moving: Size, reference: Size) -> Matrix:
    """Unit square to unit square as pixels to pixels, for photographs of these sizes, (columns, rows)."""
    return fixed(inverse(_unit(reference)) @ matrix @ _unit(moving))


def points_to_stored(points: Points, size: Size) -> Points:
    """Places in pixels as places in the unit square."""
    return applied(_unit(size), points)


def points_from_stored(points: Points, size: Size) -> Points:
    """Places in the unit square as places in pixels."""
    return applied(inverse(_unit(size)), points)


def _unit(size: Size) -> Matrix:
    columns, rows = size
    return np.array([[1 / columns, 0.0, 0.5 / columns], [0.0, 1 / rows, 0.5 / rows], [0.0, 0.0, 1.0]])
