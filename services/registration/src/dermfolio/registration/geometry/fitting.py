"""Least squares of the three models, and how well a fit pins down a place.

Points are moved to their mean and scaled before a homography is solved for, after Hartley, In defense of the
eight-point algorithm, PAMI 1997. Similarities after Umeyama, Least-squares estimation of transformation parameters
between two point patterns, PAMI 1991, without mirroring.
"""

import numpy as np
from numpy.typing import NDArray

from dermfolio.registration.geometry.planes import applied, inverse, normal
from dermfolio.registration.geometry.values import Matrix, Model, Points

FREEDOM = {Model.SIMILARITY: 4, Model.AFFINE: 6, Model.HOMOGRAPHY: 8}
"""Numbers to be found; each pair of points gives two."""

Weights = NDArray[np.float64]


def fitted(model: Model, moving: Points, reference: Points, weights: Weights | None = None) -> Matrix | None:
    """The transform of this model that brings `moving` nearest to `reference`, each pair by its weight.

    None where the points do not determine it: too few of them, or all on one spot or line.
    """
    if 2 * len(moving) < FREEDOM[model]:
        return None
    w = np.ones(len(moving)) if weights is None else weights
    if w.sum() <= 0:
        return None
    from_moving, to_reference = _centred(moving, w), _centred(reference, w)
    if from_moving is None or to_reference is None:
        return None
    a, b = applied(from_moving, moving), applied(to_reference, reference)
    solve = {Model.SIMILARITY: _similarity, Model.AFFINE: _affine, Model.HOMOGRAPHY: _homography}[model]
    inner = solve(a, b, w)
    if inner is None:
        return None
    whole = inverse(to_reference) @ inner @ from_moving
    return normal(whole) if np.isfinite(whole).all() and abs(whole[2, 2]) > 1e-12 else None


def residuals(matrix: Matrix, moving: Points, reference: Points) -> NDArray[np.float64]:
    """Distances on the reference, in its pixels; infinite where a point has no place."""
    away = np.linalg.norm(applied(matrix, moving) - reference, axis=1)
    return np.asarray(np.where(np.isfinite(away), away, np.inf))


def uncertainty(model: Model, matrix: Matrix, moving: Points, deviation: float, at: Points) -> float:
    """How uncertain the places of `at` are, in pixels of the reference: root mean square over them.

    First-order propagation (Hartley and Zisserman, Multiple view geometry, 2nd edition, 5.2) of measurements of
    `moving` that are off by `deviation` pixels in each direction. Infinite where they do not determine the model.
    """
    # about the middle of the points, for numbers of like size
    move = np.eye(3)
    move[:2, 2] = moving.mean(axis=0)
    scale = float(np.abs(moving - moving.mean(axis=0)).max()) or 1.0
    move[0, 0] = move[1, 1] = scale
    local = normal(matrix @ move)
    back = inverse(move)
    slopes = _slopes(model, local, applied(back, moving))
    information = slopes.T @ slopes
    if np.linalg.cond(information) > 1e12:
        return float("inf")
    covariance = np.linalg.inv(information) * deviation**2
    there = _slopes(model, local, applied(back, at))
    variance = np.einsum("ij,jk,ik->i", there, covariance, there)
    return float(np.sqrt(variance.sum() / len(at)))


def _slopes(model: Model, matrix: Matrix, points: Points) -> NDArray[np.float64]:
    """How the places of points change with the model's numbers: two rows a point."""
    x, y = points.T
    one, none = np.ones(len(points)), np.zeros(len(points))
    if model is Model.SIMILARITY:
        across = np.stack([x, -y, one, none], axis=1)
        down = np.stack([y, x, none, one], axis=1)
    else:
        depth = points @ matrix[2, :2] + matrix[2, 2]
        place = applied(matrix, points)
        u, v = place.T
        across = np.stack([x, y, one, none, none, none, -u * x, -u * y], axis=1) / depth[:, None]
        down = np.stack([none, none, none, x, y, one, -v * x, -v * y], axis=1) / depth[:, None]
        if model is Model.AFFINE:
            across, down = across[:, :6], down[:, :6]
    return np.concatenate([across, down])


def _centred(points: Points, weights: Weights) -> Matrix | None:
    total = weights.sum()
    middle = weights @ points / total
    spread = float(np.sqrt(weights @ ((points - middle) ** 2).sum(axis=1) / total))
    if not spread > 1e-9:
        return None
    scale = np.sqrt(2) / spread
    return np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1]])


def _similarity(a: Points, b: Points, w: Weights) -> Matrix | None:
    turn = (w * (a[:, 0] + 1j * a[:, 1]).conj() * (b[:, 0] + 1j * b[:, 1])).sum()
    factor = turn / (w * (a**2).sum(axis=1)).sum()
    if abs(factor) < 1e-9:
        return None
    return np.array([[factor.real, -factor.imag, 0.0], [factor.imag, factor.real, 0.0], [0.0, 0.0, 1.0]])


def _affine(a: Points, b: Points, w: Weights) -> Matrix | None:
    root = np.sqrt(w)[:, None]
    design = np.column_stack([a, np.ones(len(a))]) * root
    answer, _, rank, _ = np.linalg.lstsq(design, b * root, rcond=1e-8)
    if rank < 3:
        return None
    return np.vstack([answer.T, [0.0, 0.0, 1.0]])


def _homography(a: Points, b: Points, w: Weights) -> Matrix | None:
    (x, y), (u, v) = a.T, b.T
    one, none = np.ones(len(a)), np.zeros(len(a))
    across = np.stack([x, y, one, none, none, none, -u * x, -u * y, -u], axis=1)
    down = np.stack([none, none, none, x, y, one, -v * x, -v * y, -v], axis=1)
    system = np.concatenate([across, down]) * np.sqrt(np.tile(w, 2))[:, None]
    values, vectors = np.linalg.eigh(system.T @ system)
    if values[1] <= 1e-12 * values[-1]:
        return None
    return np.asarray(vectors[:, 0].reshape(3, 3))
