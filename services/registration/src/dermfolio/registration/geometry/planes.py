"""Plane transforms as 3 by 3 matrices: applied, measured, scaled."""

import cv2
import numpy as np

from dermfolio.registration.geometry.values import Matrix, Points

Size = tuple[int, int]
"""Columns and rows."""


def applied(matrix: Matrix, points: Points) -> Points:
    """Where `points` go; not finite for those that go to infinity."""
    lifted = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(lifted[:, :2] / lifted[:, 2:])


def corners(size: Size) -> Points:
    """The centres of the four corner pixels, clockwise from the top left."""
    right, bottom = size[0] - 1.0, size[1] - 1.0
    return np.array([[0.0, 0.0], [right, 0.0], [right, bottom], [0.0, bottom]])


def resized(source: Size, target: Size) -> Matrix:
    """Places of a picture to places of the same picture resized. Edges go to edges, which are half a pixel beyond the
    centres of the outermost pixels.
    """
    x, y = target[0] / source[0], target[1] / source[1]
    return np.array([[x, 0.0, (x - 1) / 2], [0.0, y, (y - 1) / 2], [0.0, 0.0, 1.0]])


def normal(matrix: Matrix) -> Matrix:
    """The same transform with 1 as the last element."""
    return np.asarray(matrix / matrix[2, 2])


def inverse(matrix: Matrix) -> Matrix:
    """The way back, with 1 as the last element."""
    return normal(np.asarray(np.linalg.inv(matrix), dtype=np.float64))


def overlap(matrix: Matrix, moving: Size, reference: Size) -> float:
    """Part of the smaller one of two pictures, as they lie on the reference, that both cover: 0 to 1.

    The moving picture's corners must all be in front of the camera (see `is_plausible`).
    """
    quadrangle = applied(matrix, corners(moving)).astype(np.float32)
    frame = corners(reference).astype(np.float32)
    area, _ = cv2.intersectConvexConvex(quadrangle, frame)
    smaller = min(cv2.contourArea(quadrangle), cv2.contourArea(frame))
    return min(float(area) / smaller, 1.0) if smaller > 0 else 0.0


def is_plausible(matrix: Matrix, moving: Size, *, largest_scale: float, largest_stretch: float) -> bool:
    """Whether two photographs of one flat place could be related so.

    Nothing is mirrored or folded, and at every corner lengths change by no more than `largest_scale` (either way) and
    by no more in one direction than `largest_stretch` times in another.
    """
    if not np.isfinite(matrix).all():
        return False
    scales = []
    for x, y in (*corners(moving), corners(moving).mean(axis=0)):
        depth = matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2]
        if depth <= 0:
            return False
        place = (matrix[:2] @ (x, y, 1)) / depth
        slope = (matrix[:2, :2] - np.outer(place, matrix[2, :2])) / depth
        if np.linalg.det(slope) <= 0:
            return False
        most, least = np.linalg.svd(slope, compute_uv=False)
        scales += [most, least]
        if most > largest_stretch * least:
            return False
    return bool(max(scales) <= largest_scale and min(scales) >= 1 / largest_scale)
