"""Thin curved strokes, such as hairs and small vessels, drawn with soft edges."""

import math

import numpy as np
from numpy.typing import NDArray

from dermfolio.ops.photographs.noise import Field

Points = NDArray[np.float32]
"""Strokes of points of (row, column)."""


def hairs(
    rng: np.random.Generator, roots: Points, *, length: float, bearing: float, spread: float, points: int
) -> Points:
    """Bent strokes of about `length` pixels from `roots` (a row and a column each), in directions around `bearing`
    (radians).
    """
    count = len(roots)
    angle = bearing + spread * rng.standard_normal((count, 1))
    bend = 0.5 * rng.standard_normal((count, 1))
    along = np.linspace(0, 1, points)[None, :]
    heading = angle + bend * along
    step = length * (0.5 + rng.random((count, 1))) / points
    rows = roots[:, :1] + np.cumsum(np.sin(heading) * step, axis=1)
    columns = roots[:, 1:] + np.cumsum(np.cos(heading) * step, axis=1)
    return np.stack([rows, columns], axis=-1).astype(np.float32)


def vessels(rng: np.random.Generator, roots: Points, *, length: float, points: int) -> Points:
    """Strokes that wander."""
    count = len(roots)
    heading = rng.random((count, 1)) * 2 * np.pi + np.cumsum(rng.standard_normal((count, points)) * 0.22, axis=1)
    step = length / points
    rows = roots[:, :1] + np.cumsum(np.sin(heading) * step, axis=1)
    columns = roots[:, 1:] + np.cumsum(np.cos(heading) * step, axis=1)
    return np.stack([rows, columns], axis=-1).astype(np.float32)


def draw(strokes: Points, shape: tuple[int, int], *, width: float, taper: float = 1.0) -> Field:
    """How much of each pixel the strokes cover, 0 to 1. `taper` of the width is lost towards the end of a stroke."""
    covered = np.zeros(shape[0] * shape[1], dtype=np.float32)
    reach = math.ceil(width / 2 + 0.5)
    count, points, _ = strokes.shape
    radius = np.broadcast_to(0.5 * width * (1 - taper * np.linspace(0, 1, points) ** 2), (count, points)).ravel()
    rows, columns = strokes[..., 0].ravel(), strokes[..., 1].ravel()
    inside = (rows > reach) & (columns > reach) & (rows < shape[0] - reach - 1) & (columns < shape[1] - reach - 1)
    rows, columns, radius = rows[inside], columns[inside], radius[inside]
    top, left = rows.astype(np.intp), columns.astype(np.intp)
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            distance = np.hypot(rows - (top + down), columns - (left + right))
            # a stroke thinner than a pixel covers part of it
            part = np.clip(radius + 0.5 - distance, 0, 1) * np.minimum(1, 2 * radius)
            np.maximum.at(covered, (top + down) * shape[1] + left + right, part.astype(np.float32))
    return covered.reshape(shape)
