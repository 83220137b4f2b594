"""What an alignment is: values alone, which load no library of pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

VERSION = "1"
"""Of the algorithm: another one where the same two photographs may get another alignment."""

Picture = NDArray[np.uint8]
"""Rows of columns of (red, green, blue), sRGB, 8 bits."""
Grey = NDArray[np.uint8]
"""Rows of columns of lightness."""
Field = NDArray[np.float32]
"""Rows of columns of a number per pixel."""
Points = NDArray[np.float64]
"""n rows of (x, y): to the right and down, in pixels; the centre of the top left pixel is (0, 0)."""
Matrix = NDArray[np.float64]
"""3 by 3, on columns (x, y, 1); its last element is 1."""


class Model(StrEnum):
    """How freely the moving photograph may be changed to lie on the reference, the simplest first."""

    SIMILARITY = "similarity"
    """Turn, one scale, shift: 4 numbers."""
    AFFINE = "affine"
    """And shear, and a scale for each direction: 6 numbers."""
    HOMOGRAPHY = "homography"
    """And perspective, as a plane is seen from two places: 8 numbers."""


class Refusal(StrEnum):
    """Why two photographs are not aligned."""

    TOO_SMALL = "image_too_small"
    """One of them has too few pixels, in one direction at least."""
    FEATURELESS = "too_little_texture"
    """One of them shows too few details that could be found again."""
    NO_CONSENSUS = "no_common_details"
    """No movement explains more details than chance would."""
    IMPLAUSIBLE = "implausible_transform"
    """The best movement mirrors, folds, or scales beyond what two photographs of one place would."""
    LOW_OVERLAP = "low_overlap"
    """They share too little of what they show."""
    POORLY_SPREAD = "poorly_spread"
    """What they share does not pin down all four corners."""
    CONTRADICTED = "contradicting_details"
    """Part of them fits well, too much of the rest shows something else, as two people before one wall do."""
    REPEATED = "repeated_pattern"
    """They fit as well elsewhere: a pattern that repeats."""
    UNCERTAIN = "low_confidence"
    """There is an alignment, but not enough speaks for it."""


@dataclass(frozen=True, eq=False)
class Alignment:
    """What was found of two photographs. Nothing but an accepted one may be shown as aligned."""

    accepted: bool
    matrix: Matrix | None
    """Places of the moving photograph to places of the reference, both in full-resolution pixels, the centre of the top
    left pixel being (0, 0); cannot be written to. None where nothing was estimated; of a refused one only a guess."""
    model: Model | None
    confidence: float
    """0 to 1: the estimated probability that the corners lie within 1 % of the diagonal of where they belong."""
    residual: float | None
    """Root mean square distance between details that were found to agree, in pixels of a reference whose long edge has
    1024."""
    overlap: float
    """0 to 1: part of the smaller photograph, as it lies on the reference, that both show."""
    inliers: int
    """Details that agree with the matrix."""
    reason: Refusal | None
    """Why it was refused; None where it was accepted."""
    version: str = VERSION


def fixed(rows: Matrix | Sequence[Sequence[float]]) -> Matrix:
    """A matrix whose last element is 1 and that nobody can write to, not even by making it writable again."""
    matrix = np.asarray(rows, dtype=np.float64)
    return np.frombuffer((matrix / matrix[2, 2]).tobytes(), dtype=np.float64).reshape(3, 3)
