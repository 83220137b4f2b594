"""From a first, coarse movement to the one that fits best, and what speaks for it."""

from dataclasses import dataclass

import numpy as np

from dermfolio.registration.geometry import planes, repetition
from dermfolio.registration.geometry.choosing import AGREES, Fit, first_fit, simplest_fit
from dermfolio.registration.geometry.fitting import uncertainty
from dermfolio.registration.geometry.rendition import Rendition
from dermfolio.registration.geometry.tiles import Sightings, sightings
from dermfolio.registration.geometry.values import Matrix

LONG_EDGE = 512
"""Of the renditions that are compared at last."""
_STAGES = ((256, 12, 16), (512, 6, 16))
"""Long edge, reach of the tiles in pixels, cells along the long edge: from coarse to fine."""
_REACH, _CELLS = 5, 24
"""Of the last look."""
LARGEST_SCALE, LARGEST_STRETCH = 4.0, 2.0


@dataclass(frozen=True)
class Evidence:
    """What speaks for a movement, and what against."""

    agreement: float
    """Part of the tiles that were found where the matrix expected them before they had a say in it: 0 to 1."""
    agreeing: int
    """Tiles that agree with the final matrix."""
    alike: float
    """How alike those are, in the median: 0 to 1."""
    rivalry: float
    """How well the photographs fit elsewhere: see `repetition.rivalry`."""
    uncertainty: float
    """Of the corners, part of the reference's diagonal."""


@dataclass(frozen=True)
class Refined:
    """A movement between two photographs at full resolution."""

    matrix: Matrix
    fit: Fit
    evidence: Evidence
    residual: float
    """Root mean square distance of the tiles that agree, in pixels of a reference whose long edge has 1024."""
    overlap: float
    """See `planes.overlap`."""


def refined(reference: Rendition, moving: Rendition, matrix: Matrix) -> Refined | None:
    """Follow `matrix` (moving to reference, at full resolution) from coarse to fine; None where it leads nowhere."""
    for edge, reach, cells in _STAGES:
        seen = _seen(reference, moving, matrix, edge, reach, cells)
        fit = None if seen is None else first_fit(seen)
        if fit is None:
            return None
        matrix = _at_full(reference.at_most(edge), moving.at_most(edge), fit.matrix)
    found = _seen(reference, moving, matrix, LONG_EDGE, _REACH, _CELLS)
    fit = None if found is None else simplest_fit(found)
    if found is None or fit is None:
        return None
    whole = _at_full(reference, moving, fit.matrix)
    if not is_plausible(whole, reference, moving):
        return None
    shared = planes.overlap(whole, moving.full, reference.full)
    return Refined(whole, fit, _evidence(reference, moving, fit, found), _residual(reference, fit, found), shared)


def is_plausible(matrix: Matrix, reference: Rendition, moving: Rendition) -> bool:
    """Whether two photographs of one place could be related so, at full resolution."""
    between = planes.resized(reference.full, reference.size) @ matrix @ moving.to_full
    return planes.is_plausible(between, moving.size, largest_scale=LARGEST_SCALE, largest_stretch=LARGEST_STRETCH)


def _seen(
    reference: Rendition, moving: Rendition, matrix: Matrix, edge: int, reach: int, cells: int
) -> Sightings | None:
    """Tiles at one size; None where the matrix is not plausible."""
    if not is_plausible(matrix, reference, moving):
        return None
    small, other = reference.at_most(edge), moving.at_most(edge)
    between = planes.resized(reference.full, small.size) @ matrix @ other.to_full
    return sightings(small, other, between, reach=reach, cells=cells)


def _at_full(reference: Rendition, moving: Rendition, between: Matrix) -> Matrix:
    return planes.normal(reference.to_full @ between @ planes.resized(moving.full, moving.size))


def _evidence(reference: Rendition, moving: Rendition, fit: Fit, found: Sightings) -> Evidence:
    before = np.linalg.norm(found.shifts, axis=1) < AGREES
    agreeing = fit.agreeing
    small, other = reference.at_most(repetition.LONG_EDGE), moving.at_most(repetition.LONG_EDGE)
    between = planes.resized(reference.size, small.size) @ fit.matrix @ planes.resized(other.size, moving.size)
    corners = planes.corners(moving.size)
    diagonal = float(np.hypot(*reference.size))
    off = uncertainty(fit.model, fit.matrix, found.moving[agreeing], fit.deviation, corners)
    return Evidence(
        agreement=float(before.mean()),
        agreeing=int(agreeing.sum()),
        alike=float(np.median(found.alike[agreeing])),
        rivalry=repetition.rivalry(small, other, between),
        uncertainty=min(off / diagonal, 1.0),
    )


def _residual(reference: Rendition, fit: Fit, found: Sightings) -> float:
    away = np.linalg.norm(
        planes.applied(fit.matrix, found.moving[fit.agreeing]) - found.reference[fit.agreeing], axis=1
    )
    return float(np.sqrt((away**2).mean())) * 1024 / reference.long_edge
