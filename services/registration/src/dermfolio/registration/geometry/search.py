"""A first movement without details: every turn and scale is tried, and every shift at once.

Two coarse pictures of one place correlate over their whole area, also where lamp, blur, noise and hair leave no detail
that could be found again. The correlation of a turned and scaled picture at all shifts is a product of spectra
(Kuglin and Hines, 1975; Reddy and Chatterji, IEEE Transactions on Image Processing 1996, who find turn and scale by
spectra as well, which needs a larger overlap).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dermfolio.registration.geometry.rendition import Rendition
from dermfolio.registration.geometry.values import Field, Matrix

LONG_EDGE = 128
"""Of the pictures that are compared."""
_ROOM = 192
"""Of the torus they are compared on, so that pictures shifted by half an edge do not meet their other side."""
_TURN_STEP = math.radians(4)
_SCALE_STEP = math.log(1.06)
NEAR = tuple(step * _TURN_STEP for step in range(-8, 9))
"""Turns of two photographs that were both held upright: within 32 degrees."""
ROUND = tuple(step * _TURN_STEP for step in range(-45, 45))
"""All turns."""
_SCALES = tuple(math.exp(step * _SCALE_STEP) for step in range(-5, 6))
_WHITENING = 0.5
_FAINTEST = 1e-3
"""Of the strongest frequency: what is weaker is not raised further."""


@dataclass(frozen=True)
class Peak:
    """The shift at which a turned and scaled picture is most like the other one."""

    matrix: Matrix
    """Moving to reference, at the size of the pictures compared."""
    height: float
    """Of the correlation: 1 for equal pictures."""


def searched(reference: Rendition, moving: Rendition, turns: Sequence[float]) -> list[Peak]:
    """The peak of every turn (radians) and scale, the highest first. Both have a long edge of at most LONG_EDGE."""
    pattern, picture = whitened(reference.normalised), whitened(moving.normalised)
    spectrum = cv2.dft(_centred(pattern))
    strength = float(np.linalg.norm(pattern))
    middle = ((picture.shape[1] - 1) / 2, (picture.shape[0] - 1) / 2)
    peaks = []
    for scale in _SCALES:
        for turn in turns:
            placed = np.asarray(cv2.getRotationMatrix2D(middle, math.degrees(turn), scale), dtype=np.float64)
            placed[:, 2] += (_ROOM - 1) / 2 - np.array(middle)
            turned = cv2.warpAffine(picture, placed, (_ROOM, _ROOM))
            surface = cv2.dft(
                cv2.mulSpectrums(spectrum, cv2.dft(turned), 0, conjB=True), flags=cv2.DFT_INVERSE | cv2.DFT_SCALE
            )
            _, height, _, at = cv2.minMaxLoc(surface)
            matrix = _shifted(placed, at, reference)
            peaks.append(Peak(matrix, height / (strength * max(float(np.linalg.norm(turned)), 1e-6))))
    return sorted(peaks, key=lambda peak: -peak.height)


def whitened(picture: Field) -> Field:
    """With its strong frequencies damped by the root of their strength: half way to phase correlation (Kuglin and
    Hines, 1975). Without it one long edge, of cloth or of a table, outweighs a whole skin.
    """
    spectrum = np.fft.rfft2(picture, (_ROOM, _ROOM))
    strength = np.abs(spectrum)
    damped = spectrum * np.maximum(strength, max(_FAINTEST * strength.max(), 1e-12)) ** -_WHITENING
    rows, columns = picture.shape
    white = np.fft.irfft2(damped, (_ROOM, _ROOM))[:rows, :columns]
    return np.ascontiguousarray(white, dtype=np.float32)


def _centred(picture: Field) -> Field:
    rows, columns = picture.shape
    room = np.zeros((_ROOM, _ROOM), dtype=np.float32)
    top, left = (_ROOM - rows) // 2, (_ROOM - columns) // 2
    room[top : top + rows, left : left + columns] = picture
    return room


def _shifted(placed: NDArray[np.float64], at: Sequence[int], reference: Rendition) -> Matrix:
    right, down = (shift - _ROOM if shift > _ROOM // 2 else shift for shift in at)
    matrix = np.vstack([placed, [0.0, 0.0, 1.0]])
    matrix[0, 2] += right - (_ROOM - reference.size[0]) // 2
    matrix[1, 2] += down - (_ROOM - reference.size[1]) // 2
    return matrix
