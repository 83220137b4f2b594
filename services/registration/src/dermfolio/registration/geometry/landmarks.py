"""Alignment by hand: the same places, pointed out in both photographs."""

import itertools
import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from dermfolio.registration.geometry.fitting import FREEDOM, fitted, residuals
from dermfolio.registration.geometry.planes import Size, is_plausible
from dermfolio.registration.geometry.stored import points_from_stored, to_stored
from dermfolio.registration.geometry.values import Matrix, Model, Points

LARGEST_SCALE, LARGEST_STRETCH = 20.0, 6.0
"""What a person may want: a close-up on an overview, and a photograph taken aslant."""
_SUBSETS = 600
"""Smallest sets of pairs that are tried for outliers; of more, that many are drawn, always the same."""
_OUTLYING = 2.5
"""Deviations (Rousseeuw and Leroy, Robust regression and outlier detection, 1987, 5.1)."""
_STEADY = 6.0
"""Pixels of a reference of 1024: a hand is no steadier, and what is nearer is no outlier."""


class LandmarkFault(StrEnum):
    """Why pairs of landmarks give no alignment."""

    TOO_FEW = "too_few_landmarks"
    """Two pairs give a similarity, three an affine transform, four a homography."""
    UNDETERMINED = "landmarks_in_line"
    """They coincide or lie on one line: what is beside it is not determined."""
    FOLDED = "landmarks_contradict"
    """They would mirror the photograph, fold it, or scale it out of all proportion."""


@dataclass(frozen=True)
class Landmarked:
    """What pairs of landmarks come to."""

    model: Model
    matrix: Matrix
    """Moving to reference, as it is stored: unit square to unit square."""
    residuals: tuple[float, ...]
    """Of each pair, in pixels of a reference whose long edge has 1024."""
    outliers: tuple[bool, ...]
    """Of each pair: whether it contradicts most of the others. They count in the matrix nevertheless."""


def offered(pairs: int) -> tuple[Model, ...]:
    """The models that so many pairs can determine, the simplest first."""
    return tuple(model for model in Model if 2 * pairs >= FREEDOM[model])


def usual(pairs: int) -> Model | None:
    """The model to begin with: a similarity from two pairs, an affine transform from three; None from fewer.

    A homography is exact through four pairs, however badly one of them is placed; one has to ask for it.
    """
    return next((model for model in (Model.AFFINE, Model.SIMILARITY) if model in offered(pairs)), None)


def aligned(
    moving: Points, reference: Points, *, moving_size: Size, reference_size: Size, model: Model | None = None
) -> Landmarked | LandmarkFault:
    """The alignment of n pairs of places of the unit square, n by 2 each; sizes are (columns, rows).

    Without a model it is the `usual` one. All pairs count the same: what is seen is what was pointed out.
    Raises ValueError where there are not as many places in both, or one is not finite.
    """
    if moving.shape != reference.shape or moving.ndim != 2 or moving.shape[1] != 2:
        raise ValueError(f"n by 2 places expected in both, not {moving.shape} and {reference.shape}")
    if not (np.isfinite(moving).all() and np.isfinite(reference).all()):
        raise ValueError("places must be finite")
    chosen = model or usual(len(moving))
    if chosen is None or chosen not in offered(len(moving)):
        return LandmarkFault.TOO_FEW
    here, there = points_from_stored(moving, moving_size), points_from_stored(reference, reference_size)
    matrix = fitted(chosen, here, there)
    if matrix is None or not _determined(chosen, here) or not _determined(chosen, there):
        return LandmarkFault.UNDETERMINED
    if not is_plausible(matrix, moving_size, largest_scale=LARGEST_SCALE, largest_stretch=LARGEST_STRETCH):
        return LandmarkFault.FOLDED
    scale = 1024 / max(reference_size)
    away = residuals(matrix, here, there) * scale
    return Landmarked(
        model=chosen,
        matrix=to_stored(matrix, moving_size, reference_size),
        residuals=tuple(away.tolist()),
        outliers=tuple(_outliers(chosen, here, there, scale).tolist()),
    )


def _determined(model: Model, points: Points) -> bool:
    """Whether the points spread in as many directions as the model needs, to a hundredth."""
    spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    if model is Model.SIMILARITY:
        return bool(spread[0] > 1.0)
    return bool(spread[0] > 1.0 and spread[1] > 0.01 * spread[0])


def _outliers(model: Model, moving: Points, reference: Points, scale: float) -> NDArray[np.bool_]:
    """By least median of squares (Rousseeuw, Journal of the American Statistical Association 1984); none where the
    pairs without one of them would not contradict each other either.
    """
    count, least = len(moving), FREEDOM[model] // 2
    none = np.zeros(count, dtype=bool)
    if count < least + 2:
        return none
    best, median = none, math.inf
    for chosen in _subsets(count, least):
        matrix = fitted(model, moving[chosen], reference[chosen])
        if matrix is None:
            continue
        away = residuals(matrix, moving, reference) * scale
        middle = float(np.sort(away)[(count + least + 1) // 2 - 1])
        if middle < median:
            deviation = 1.4826 * (1 + 5 / (count - least)) * middle
            best, median = away > max(_OUTLYING * deviation, _STEADY), middle
    return np.asarray(best)


def _subsets(count: int, size: int) -> list[list[int]]:
    if math.comb(count, size) <= _SUBSETS:
        return [list(chosen) for chosen in itertools.combinations(range(count), size)]
    rng = np.random.default_rng(count)
    return [rng.choice(count, size, replace=False).tolist() for _ in range(_SUBSETS)]
