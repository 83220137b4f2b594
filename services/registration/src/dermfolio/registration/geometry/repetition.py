"""Whether two aligned pictures would fit as well elsewhere, as bricks, weaves and lines of print do."""

import cv2
import numpy as np

from dermfolio.registration.geometry.rendition import Rendition
from dermfolio.registration.geometry.values import Field, Matrix

LONG_EDGE = 256
"""Of the pictures that are compared."""
_ROOM = 512
_SAME = 2
"""Pixels, within which two shifts are the same one."""
_OTHER = 6
"""Pixels, from which on a shift is another one."""
_SHARED = 0.4
"""Part of the overlap that must be left at another shift."""


def rivalry(reference: Rendition, moving: Rendition, matrix: Matrix) -> float:
    """How well the moving picture, brought to the reference by `matrix`, fits at the best other shift, by how well it
    fits there: about 1 for what repeats, below 0.5 for what does not; at most 2.
    """
    warped = cv2.warpPerspective(moving.normalised, matrix, reference.size, flags=cv2.INTER_LINEAR)
    shown = cv2.warpPerspective(np.ones(moving.grey.shape, np.float32), matrix, reference.size)
    whole = np.ones(reference.grey.shape, dtype=np.float32)
    products = _correlation(reference.normalised, np.asarray(warped, dtype=np.float32))
    shared = _correlation(whole, np.asarray(shown, dtype=np.float32))
    here = shared[0, 0]
    alike = np.where(shared > _SHARED * here, products / np.maximum(shared, 1), -1.0)
    right = np.minimum(np.arange(_ROOM), _ROOM - np.arange(_ROOM))
    away = np.maximum(right[:, None], right[None, :])
    fit = float(alike[away <= _SAME].max())
    other = float(alike[away >= _OTHER].max())
    return min(max(other, 0.0) / fit, 2.0) if fit > 0 else 2.0


def _correlation(a: Field, b: Field) -> Field:
    """At every shift, around a torus with room for all of them."""
    spectra = []
    for field in (a, b):
        room = np.zeros((_ROOM, _ROOM), dtype=np.float32)
        room[: field.shape[0], : field.shape[1]] = field
        spectra.append(cv2.dft(room))
    product = cv2.mulSpectrums(spectra[0], spectra[1], 0, conjB=True)
    return np.asarray(cv2.dft(product, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE), dtype=np.float32)
