"""From a first, coarse movement to the one that fits best, and what speaks for it."""

from dataclasses import dataclass

import numpy as np

from dermfolio.registration.geometry import planes, repetition
from dermfolio.registration.geometry.choosing import AGREES, Fit, first_fit, simplest_fit
from dermfolio.registration.geometry.fitting import uncertainty
from dermfolio.registration.geometry.rendition import Rendition
from dermfolio.registration.geometry.tiles import Sightings, sightings
from dermfolio.registration.geometry.values import Matrix, Refusal

LONG_EDGE = 512
"""Of the renditions that are compared at last."""
_STAGES = ((256, 12, 16), (512, 6, 16))
"""Long edge, reach of the tiles in pixels, cells along the long edge: from coarse to fine."""
_REACH, _CELLS = 5, 24
"""Of the last look."""
_LARGEST_SCALE, _LARGEST_STRETCH = 4.0, 2.0
"""Between renditions: see `planes.is_plausible`."""


@dataclass(frozen=True)
class Evidence:
    """What speaks for a movement, and what against."""

    agreement: float
    """Part of the tiles that were found where the matrix expected them before they had a say in it: 0 to 1."""
    agreeing: int
    """Tiles that agree with the final matrix."""
    alike: float
    """How alike those are, in the median: 0 to 1."""
    shifted: float
    """How well the photographs fit shifted by more: see `repetition.shifted`."""
    turned: float
    """How well they fit turned or scaled: see `repetition.turned`."""
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


def refined(reference: Rendition, moving: Rendition, matrix: Matrix) -> Refined | Refusal:
    """Follow `matrix` (moving to reference, at full resolution) from coarse to fine, or say why it leads nowhere."""
    for edge, reach, cells in _STAGES:
        if not is_plausible(matrix, reference, moving):
            return Refusal.IMPLAUSIBLE
        fit = first_fit(_seen(reference, moving, matrix, edge, reach, cells))
        if fit is None:
            return Refusal.NO_CONSENSUS
        matrix = _at_full(reference.at_most(edge), moving.at_most(edge), fit.matrix)
    if not is_plausible(matrix, reference, moving):
        return Refusal.IMPLAUSIBLE
    found = _seen(reference, moving, matrix, LONG_EDGE, _REACH, _CELLS)
    fit = simplest_fit(found)
    if fit is None:
        return Refusal.NO_CONSENSUS
    whole = _at_full(reference, moving, fit.matrix)
    if not is_plausible(whole, reference, moving):
        return Refusal.IMPLAUSIBLE
    shared = planes.overlap(whole, moving.full, reference.full)
    return Refined(whole, fit, _evidence(reference, moving, fit, found), _residual(reference, fit, found), shared)


def is_plausible(matrix: Matrix, reference: Rendition, moving: Rendition) -> bool:
    """Whether two photographs of one place could be related so, at full resolution."""
    between = planes.resized(reference.full, reference.size) @ matrix @ moving.to_full
    return planes.is_plausible(between, moving.size, largest_scale=_LARGEST_SCALE, largest_stretch=_LARGEST_STRETCH)


def _seen(reference: Rendition, moving: Rendition, matrix: Matrix, edge: int, reach: int, cells: int) -> Sightings:
    small, other = reference.at_most(edge), moving.at_most(edge)
    between = planes.resized(reference.full, small.size) @ matrix @ other.to_full
    return sightings(small, other, between, reach=reach, cells=cells)


def _at_full(reference: Rendition, moving: Rendition, between: Matrix) -> Matrix:
    return planes.normal(reference.to_full @ between @ planes.resized(moving.full, moving.size))


def _evidence(reference: Rendition, moving: Rendition, fit: Fit, found: Sightings) -> Evidence:
    before = np.linalg.norm(found.shifts, axis=1) < AGREES
    agreeing = fit.agreeing
    corners = planes.corners(moving.size)
    diagonal = float(np.hypot(*reference.size))
    off = uncertainty(fit.model, fit.matrix, found.moving[agreeing], fit.deviation, corners)
    return Evidence(
        agreement=float(before.mean()),
        agreeing=int(agreeing.sum()),
        alike=float(np.median(found.alike[agreeing])),
        shifted=repetition.shifted(*_smaller(reference, moving, fit.matrix, repetition.SHIFTED_EDGE)),
        turned=repetition.turned(*_smaller(reference, moving, fit.matrix, repetition.TURNED_EDGE)),
        uncertainty=min(off / diagonal, 1.0),
    )


def _smaller(reference: Rendition, moving: Rendition, matrix: Matrix, edge: int) -> tuple[Rendition, Rendition, Matrix]:
    small, other = reference.at_most(edge), moving.at_most(edge)
    between = planes.resized(reference.size, small.size) @ matrix @ planes.resized(other.size, moving.size)
    return small, other, planes.normal(between)


def _residual(reference: Rendition, fit: Fit, found: Sightings) -> float:
    away = np.linalg.norm(
        planes.applied(fit.matrix, found.moving[fit.agreeing]) - found.reference[fit.agreeing], axis=1
    )
    return float(np.sqrt((away**2).mean())) * 1024 / reference.long_edge
