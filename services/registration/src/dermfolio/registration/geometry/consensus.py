"""The movement that most details agree on."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from dermfolio.registration.geometry.fitting import residuals
from dermfolio.registration.geometry.matching import Matches
from dermfolio.registration.geometry.planes import normal
from dermfolio.registration.geometry.values import Matrix

LEAST = 5
"""Pairs, below which there is nothing to agree on: four fit any homography."""
_TOLERANCE = 3.0
"""Pixels of the rendition, from which on a pair contradicts a movement."""
_TURN_BINS, _GROWTH_BINS = 24, 16
_GROWTH_REACH = math.log(4)
_TRIES, _SURE = 3000, 0.999


def consensus(found: Matches) -> Matrix | None:
    """The homography that most matches agree on, moving to reference; None where no five do.

    Details tell by how much they are turned and scaled; only those around the commonest turn and scale are asked
    (a coarse vote, as in Lowe, IJCV 2004, 7.3), by MAGSAC++ (Barath et al., CVPR 2020). The same matches give the same
    answer.
    """
    asked = found.where(_commonest(found))
    if len(asked) < LEAST:
        return None
    matrix, _ = cv2.findHomography(
        asked.moving, asked.reference, cv2.USAC_MAGSAC, _TOLERANCE, maxIters=_TRIES, confidence=_SURE
    )
    if matrix is None or not np.isfinite(matrix).all() or abs(matrix[2, 2]) < 1e-9:
        return None
    whole = normal(np.asarray(matrix, dtype=np.float64))
    agreeing = residuals(whole, asked.moving, asked.reference) < _TOLERANCE
    return whole if agreeing.sum() >= LEAST else None


def _commonest(found: Matches) -> NDArray[np.bool_]:
    """Which matches are turned and scaled about as most are."""
    votes = np.zeros((_TURN_BINS, _GROWTH_BINS))
    turn = np.floor((found.turns / (2 * np.pi) + 0.5) * _TURN_BINS).astype(np.intp) % _TURN_BINS
    along = (found.growths / (2 * _GROWTH_REACH) + 0.5) * _GROWTH_BINS
    growth = np.clip(np.floor(along), 0, _GROWTH_BINS - 1).astype(np.intp)
    np.add.at(votes, (turn, growth), 1)
    around = votes + np.roll(votes, 1, axis=0) + np.roll(votes, -1, axis=0)
    padded = np.pad(around, ((0, 0), (1, 1)))
    peak = np.unravel_index(np.argmax(around + padded[:, :-2] + padded[:, 2:]), votes.shape)
    away = np.abs((turn - peak[0] + _TURN_BINS // 2) % _TURN_BINS - _TURN_BINS // 2)
    return np.asarray((away <= 1) & (np.abs(growth - peak[1]) <= 1))
