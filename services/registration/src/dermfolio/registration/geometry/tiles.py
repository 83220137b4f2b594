"""Looking again: small tiles of the reference are looked for in the moving photograph, as a first matrix places it.

What they find is independent of how the matrix was come by: where it is right most of them find themselves at once,
where it is wrong they end up anywhere.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dermfolio.registration.geometry import planes
from dermfolio.registration.geometry.planes import applied
from dermfolio.registration.geometry.rendition import Rendition
from dermfolio.registration.geometry.values import Field, Matrix, Points

HALF = 16
"""Of a tile's edge, without its middle, in pixels of the rendition."""
_WINDOW = 7
"""Pixels over which a place's structure is summed."""


@dataclass(frozen=True)
class Sightings:
    """Where n tiles were found."""

    reference: Points
    """Their middles."""
    moving: Points
    """Where on the moving rendition what is like them was found."""
    shifts: NDArray[np.float64]
    """How far from where the matrix expected them they were found, in pixels of the reference: n by 2."""
    alike: NDArray[np.float64]
    """How alike what was found is: the correlation, -1 to 1."""

    def __len__(self) -> int:
        return len(self.reference)


def sightings(reference: Rendition, moving: Rendition, matrix: Matrix, *, reach: int, cells: int) -> Sightings:
    """Look for each tile around where `matrix` (moving rendition to reference rendition) expects it.

    `reach` is how far in each direction, in pixels; the reference gives a tile for each cell of a grid with `cells`
    along its long edge, where both photographs cover it.
    """
    pattern = reference.normalised
    warped = cv2.warpPerspective(moving.normalised, matrix, reference.size, flags=cv2.INTER_LINEAR)
    shown = cv2.warpPerspective(np.full(moving.grey.shape, 255, np.uint8), matrix, reference.size)
    around = HALF + reach
    at = _places(pattern, np.asarray(shown == 255), around, max(reference.long_edge // cells, _WINDOW))
    shifts, alike = np.empty((len(at), 2)), np.empty(len(at))
    for number, (x, y) in enumerate(at.tolist()):
        tile = pattern[y - HALF : y + HALF + 1, x - HALF : x + HALF + 1]
        area = warped[y - around : y + around + 1, x - around : x + around + 1]
        surface = np.asarray(cv2.matchTemplate(area, tile, cv2.TM_CCOEFF_NORMED), dtype=np.float32)
        shifts[number], alike[number] = _summit(surface, reach)
    middles = at.astype(np.float64)
    return Sightings(middles, applied(planes.inverse(matrix), middles + shifts), shifts, alike)


def _places(pattern: Field, within: NDArray[np.bool_], margin: int, cell: int) -> NDArray[np.intp]:
    """The most telling place of each cell (Shi and Tomasi, CVPR 1994), at least `margin` pixels from what is not
    `within`: n rows of (x, y).
    """
    size = 2 * margin + 1
    kernel = np.ones((size, size), dtype=np.uint8)
    inside = cv2.erode(within.astype(np.uint8), kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    strength = np.where(inside > 0, cv2.cornerMinEigenVal(pattern, _WINDOW), np.float32(-1))
    down, right = strength.shape[0] // cell, strength.shape[1] // cell
    cut = strength[: down * cell, : right * cell].reshape(down, cell, right, cell)
    blocks = cut.swapaxes(1, 2).reshape(down * right, cell * cell)
    if not blocks.size:
        return np.empty((0, 2), dtype=np.intp)
    best = blocks.argmax(axis=1)
    row, column = np.divmod(np.arange(down * right), right)
    found = np.stack([column * cell + best % cell, row * cell + best // cell], axis=1)
    return np.asarray(found[blocks.max(axis=1) > 0], dtype=np.intp)


def _summit(surface: Field, reach: int) -> tuple[tuple[float, float], float]:
    """The highest place, by parabolas through its neighbours, from the middle; and how high."""
    _, height, _, (column, row) = cv2.minMaxLoc(surface)
    x, y = float(column), float(row)
    if 0 < column < surface.shape[1] - 1:
        x += _vertex(*surface[row, column - 1 : column + 2].tolist())
    if 0 < row < surface.shape[0] - 1:
        y += _vertex(*surface[row - 1 : row + 2, column].tolist())
    return (x - reach, y - reach), float(height)


def _vertex(before: float, top: float, after: float) -> float:
    bend = before - 2 * top + after
    return 0.5 * (before - after) / bend if bend < 0 else 0.0
