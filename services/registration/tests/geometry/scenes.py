"""Small pictures for the tests of alignment: spotted fields like skin, patterns, and views of them that are known."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Matrix = NDArray[np.float64]

ROWS, COLUMNS = 360, 480
MARGIN = 200
"""Of a scene around a view."""


def skin(seed: int) -> NDArray[np.float32]:
    """Somebody's skin: cloudy, with spots; lightness 0 to 255, larger than a view by MARGIN on each side."""
    rng = np.random.default_rng(seed)
    shape = (ROWS + 2 * MARGIN, COLUMNS + 2 * MARGIN)
    field = np.full(shape, 150, dtype=np.float32)
    for deviation, height in ((2, 10), (5, 10), (25, 14)):
        noise = cv2.GaussianBlur(rng.standard_normal(shape).astype(np.float32), (0, 0), deviation)
        field += height * noise / noise.std()
    for _ in range(60):
        at = (int(rng.integers(shape[1])), int(rng.integers(shape[0])))
        cv2.circle(field, at, int(rng.integers(2, 8)), float(rng.uniform(50, 100)), -1, cv2.LINE_AA)
    return field


def checks(period: int = 24) -> NDArray[np.float32]:
    """A board that repeats without end."""
    rows, columns = np.indices((ROWS + 2 * MARGIN, COLUMNS + 2 * MARGIN)) // period
    return np.asarray(60 + 130 * ((rows + columns) % 2), dtype=np.float32)


def rings(period: int = 30) -> NDArray[np.float32]:
    """Circles around the middle, which fit at every turn."""
    rows, columns = np.indices((ROWS + 2 * MARGIN, COLUMNS + 2 * MARGIN))
    away = np.hypot(rows - ROWS / 2 - MARGIN, columns - COLUMNS / 2 - MARGIN)
    return np.asarray(120 + 60 * np.cos(away * 2 * math.pi / period), dtype=np.float32)


def movement(
    *,
    turn: float = 0.0,
    scale: float = 1.0,
    shift: tuple[float, float] = (0.0, 0.0),
    tilt: tuple[float, float] = (0, 0),
) -> Matrix:
    """Moving to reference, about the middle of a view; `turn` in degrees, `tilt` in parts of the scale at an edge."""
    middle = np.array([[1, 0, (COLUMNS - 1) / 2], [0, 1, (ROWS - 1) / 2], [0, 0, 1]])
    cosine, sine = scale * math.cos(math.radians(turn)), scale * math.sin(math.radians(turn))
    about = np.array(
        [[cosine, -sine, shift[0]], [sine, cosine, shift[1]], [2 * tilt[0] / COLUMNS, 2 * tilt[1] / ROWS, 1]]
    )
    matrix = middle @ about @ np.linalg.inv(middle)
    return np.asarray(matrix / matrix[2, 2], dtype=np.float64)


def photograph(
    scene: NDArray[np.float32], matrix: Matrix | None = None, *, seed: int = 0, noise: float = 2.0, light: float = 0.0
) -> Picture:
    """A view of a scene; `matrix` tells where its pixels lie in the view without one. `light` is lost to one side."""
    place = np.array([[1, 0, MARGIN], [0, 1, MARGIN], [0, 0, 1]]) @ (np.eye(3) if matrix is None else matrix)
    view = cv2.warpPerspective(scene, place, (COLUMNS, ROWS), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP)
    view = view * (1 - light * np.linspace(0, 1, COLUMNS)[None, :])
    view = view[..., None] * np.array([1.0, 0.8, 0.7])
    view += np.random.default_rng(seed).normal(0, noise, view.shape)
    return np.asarray(np.clip(view, 0, 255), dtype=np.uint8)


def corner_error(found: Matrix, truth: Matrix) -> float:
    """How far the corners of a moving view are off on average, in pixels."""
    corners = np.array([[0, 0, 1], [COLUMNS - 1, 0, 1], [COLUMNS - 1, ROWS - 1, 1], [0, ROWS - 1, 1]], dtype=float)
    places = [corners @ matrix.T for matrix in (found, truth)]
    a, b = (place[:, :2] / place[:, 2:] for place in places)
    return float(np.linalg.norm(a - b, axis=1).mean())
