"""Whether two aligned pictures would fit as well elsewhere: bricks and lines of print do shifted, rings do turned."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from dermfolio.registration.geometry.rendition import Rendition
from dermfolio.registration.geometry.search import whitened
from dermfolio.registration.geometry.values import Field, Matrix

SHIFTED_EDGE, TURNED_EDGE = 256, 128
"""Long edges of the pictures that are compared shifted, and turned or scaled."""
_SAME = 2
"""Pixels, within which two shifts are the same one."""
_OTHER = 6
"""Pixels, from which on a shift is another one."""
_SHARED = 0.4
"""Part of the overlap that must be left at another shift."""
_MOST = 2.0
_TURNS = tuple(math.radians(sign * turn) for turn in (9, 15, 22.5, 30, 45, 60, 72, 90, 120, 150) for sign in (1, -1))
_SCALES = (0.7, 0.84, 1.19, 1.42)
_OTHERWISE = (*((turn, 1.0) for turn in (*_TURNS, math.pi)), *((0.0, scale) for scale in _SCALES))


def shifted(reference: Rendition, moving: Rendition, matrix: Matrix) -> float:
    """How well the moving picture, brought to the reference by `matrix`, fits at the best other shift, by how well it
    fits there: about 1 for what repeats, below 0.5 for what does not; at most 2.
    """
    warped = cv2.warpPerspective(moving.normalised, matrix, reference.size, flags=cv2.INTER_LINEAR)
    shown = cv2.warpPerspective(np.ones(moving.grey.shape, np.float32), matrix, reference.size)
    whole = np.ones(reference.grey.shape, dtype=np.float32)
    room = 2 * SHIFTED_EDGE
    products = _correlation(_spectrum(reference.normalised, room), np.asarray(warped, dtype=np.float32), room)
    shared = _correlation(_spectrum(whole, room), np.asarray(shown, dtype=np.float32), room)
    alike = np.where(shared > _SHARED * shared[0, 0], products / np.maximum(shared, 1), -1.0)
    away = _away(room)
    return _part(float(alike[away >= _OTHER].max()), float(alike[away <= _SAME].max()))


def turned(reference: Rendition, moving: Rendition, matrix: Matrix) -> float:
    """The same for the best other turn or scale, wherever it is shifted to then."""
    pattern, picture = whitened(reference.normalised), whitened(moving.normalised)
    room = TURNED_EDGE * 3 // 2
    spectrum = _spectrum(pattern, room)
    middle = ((reference.size[0] - 1) / 2, (reference.size[1] - 1) / 2)

    def height(turn: float, scale: float) -> tuple[Field, float]:
        about = np.vstack([cv2.getRotationMatrix2D(middle, math.degrees(turn), scale), [0.0, 0.0, 1.0]])
        warped = np.asarray(cv2.warpPerspective(picture, about @ matrix, (room, room)), dtype=np.float32)
        return _correlation(spectrum, warped, room), max(float(np.linalg.norm(warped)), 1e-6)

    surface, strength = height(0.0, 1.0)
    here = float(surface[_away(room) <= _SAME].max()) / strength
    others = (height(turn, scale) for turn, scale in _OTHERWISE)
    return _part(max(float(other.max()) / norm for other, norm in others), here)


def _part(other: float, here: float) -> float:
    return min(max(other, 0.0) / here, _MOST) if here > 0 else _MOST


def _away(room: int) -> NDArray[np.intp]:
    """How far each place of a torus is from the first one, along the longer of two directions."""
    along = np.minimum(np.arange(room), room - np.arange(room))
    return np.maximum(along[:, None], along[None, :])


def _spectrum(field: Field, room: int) -> Field:
    padded = np.zeros((room, room), dtype=np.float32)
    padded[: field.shape[0], : field.shape[1]] = field
    return np.asarray(cv2.dft(padded), dtype=np.float32)


def _correlation(spectrum: Field, other: Field, room: int) -> Field:
    """At every shift, around a torus with room for all of them."""
    product = cv2.mulSpectrums(spectrum, _spectrum(other, room), 0, conjB=True)
    return np.asarray(cv2.dft(product, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE), dtype=np.float32)
