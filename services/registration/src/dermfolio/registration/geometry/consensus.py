"""The movement that most details agree on."""

import math
from dataclasses import dataclass

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
_APART = 12.0
"""Pixels of the rendition: pairs that are off by less speak for no other movement."""


@dataclass(frozen=True)
class Consensus:
    """A movement and what speaks for it."""

    matrix: Matrix
    agreeing: NDArray[np.bool_]
    """Which of the matches."""
    rivals: int
    """How many of the others agree on the best other movement."""

    @property
    def count(self) -> int:
        """How many matches agree."""
        return int(self.agreeing.sum())


def consensus(found: Matches) -> Consensus | None:
    """The homography that most matches agree on; None where no five do.

    Details tell by how much they are turned and scaled; only those around the commonest turn and scale are asked
    (a coarse vote, as in Lowe, IJCV 2004, 7.3), by MAGSAC++ (Barath et al., CVPR 2020). The same matches give the same
    answer.
    """
    best = _best(found, _commonest(found))
    if best is None:
        return None
    matrix, agreeing = best
    others = found.where(residuals(matrix, found.moving, found.reference) > _APART)
    rival = _best(others, _commonest(others))
    return Consensus(matrix, agreeing, 0 if rival is None else int(rival[1].sum()))


def _best(found: Matches, asked: NDArray[np.bool_]) -> tuple[Matrix, NDArray[np.bool_]] | None:
    some = found.where(asked)
    if len(some) < LEAST:
        return None
    matrix, _ = cv2.findHomography(
        some.moving, some.reference, cv2.USAC_MAGSAC, _TOLERANCE, maxIters=_TRIES, confidence=_SURE
    )
    if matrix is None or not np.isfinite(matrix).all() or abs(matrix[2, 2]) < 1e-9:
        return None
    whole = normal(np.asarray(matrix, dtype=np.float64))
    agreeing = asked & (residuals(whole, found.moving, found.reference) < _TOLERANCE)
    return (whole, agreeing) if agreeing.sum() >= LEAST else None


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
