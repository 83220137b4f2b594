"""The simplest model that explains what the tiles found, robustly."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dermfolio.registration.geometry.fitting import FREEDOM, fitted, residuals
from dermfolio.registration.geometry.planes import normal
from dermfolio.registration.geometry.tiles import Sightings
from dermfolio.registration.geometry.values import Matrix, Model

AGREES = 2.0
"""Pixels of the rendition, within which a tile agrees with a matrix."""
_OUT = 4.0
"""Pixels, beyond which a tile says nothing of the spread of those that agree."""
_CUT = 3.0
"""Deviations, at which Tukey's biweight gives no weight any more."""
_FINEST = 0.3
"""Pixels: the least deviation that is believed."""
_ROUNDS = 6
_TRIES, _SURE = 2000, 0.999
_ENOUGH = {Model.HOMOGRAPHY: 16, Model.AFFINE: 9, Model.SIMILARITY: 4}
"""Tiles for each model to be considered."""


@dataclass(frozen=True)
class Fit:
    """A model and what it leaves unexplained."""

    model: Model
    matrix: Matrix
    """Moving rendition to reference rendition."""
    agreeing: NDArray[np.bool_]
    """Which of the tiles lie where the matrix says, to AGREES pixels."""
    deviation: float
    """Of those, in each direction, in pixels."""


def first_fit(found: Sightings) -> Fit | None:
    """The freest model that as many tiles determine, for a matrix that is made finer afterwards."""
    start = _start(found)
    if start is None:
        return None
    near = int((residuals(start, found.moving, found.reference) < _OUT).sum())
    for model, least in _ENOUGH.items():
        if near >= least:
            fit = _robust(found, start, model)
            if fit is not None:
                return fit
    return None


def simplest_fit(found: Sightings) -> Fit | None:
    """The model with the least Bayesian information criterion (Schwarz, 1978) over the tiles' truncated residuals."""
    start = _start(found)
    if start is None:
        return None
    fits = [fit for model in Model if (fit := _robust(found, start, model)) is not None]
    fits = [fit for fit in fits if fit.agreeing.sum() >= _ENOUGH[fit.model]]
    if not fits:
        return None
    deviation = max(min(fit.deviation for fit in fits), _FINEST)

    def cost(fit: Fit) -> float:
        scaled = (residuals(fit.matrix, found.moving, found.reference) / deviation) ** 2
        explained = _weights(found) * np.minimum(scaled, 2 * _CUT**2)
        return float(explained.sum()) + FREEDOM[fit.model] * math.log(2 * len(found))

    return min(fits, key=cost)


def _start(found: Sightings) -> Matrix | None:
    if len(found) < 4:
        return None
    # MAGSAC++ (Barath et al., CVPR 2020) of OpenCV's USAC, which begins with the same random numbers each time
    matrix, _ = cv2.findHomography(
        found.moving, found.reference, cv2.USAC_MAGSAC, AGREES, maxIters=_TRIES, confidence=_SURE
    )
    if matrix is None or not np.isfinite(matrix).all() or abs(matrix[2, 2]) < 1e-9:
        return None
    return normal(np.asarray(matrix, dtype=np.float64))


def _robust(found: Sightings, start: Matrix, model: Model) -> Fit | None:
    """Iteratively reweighted least squares with Tukey's biweight (Beaton and Tukey, 1974)."""
    matrix, trust = start, _weights(found)
    for _ in range(_ROUNDS):
        away = residuals(matrix, found.moving, found.reference)
        cut = _CUT * _deviation(away)
        better = fitted(model, found.moving, found.reference, trust * np.clip(1 - (away / cut) ** 2, 0, None) ** 2)
        if better is None:
            return None
        matrix = better
    away = residuals(matrix, found.moving, found.reference)
    return Fit(model, matrix, np.asarray(away < AGREES), _deviation(away))


def _deviation(away: NDArray[np.float64]) -> float:
    """In each of two directions, by the median distance (of a Rayleigh distribution) of those that are near."""
    near = away[away < _OUT]
    return max(float(np.median(near)) / math.sqrt(2 * math.log(2)), _FINEST) if len(near) else _OUT


def _weights(found: Sightings) -> NDArray[np.float64]:
    """Signal over noise, by how alike the tiles are, from a half on all the same; 1 on average."""
    alike = np.clip(found.alike, 0.05, 0.95)
    signal = np.minimum(alike**2 / (1 - alike**2), 1.0)
    return np.asarray(signal / signal.mean())
